import type { Page } from 'playwright-core';

/** A landscape of 800 × 500 as JPEG, as a camera would give it; another one for each hue. */
export async function painted(page: Page, hue = 212): Promise<Buffer> {
  const url = await page.evaluate((tint) => {
    const canvas = document.createElement('canvas');
    canvas.width = 800;
    canvas.height = 500;
    const context = canvas.getContext('2d');
    if (!context) return '';
    const sky = context.createLinearGradient(0, 0, 0, 500);
    sky.addColorStop(0, `hsl(${tint} 48% 24%)`);
    sky.addColorStop(0.6, `hsl(${tint - 195} 62% 68%)`);
    sky.addColorStop(0.61, `hsl(${tint} 30% 20%)`);
    context.fillStyle = sky;
    context.fillRect(0, 0, 800, 500);
    context.fillStyle = '#ffddd2';
    context.arc(200 + tint, 270, 46, 0, Math.PI * 2);
    context.fill();
    return canvas.toDataURL('image/jpeg', 0.8);
  }, hue);
  return Buffer.from(url.split(',')[1] ?? '', 'base64');
}
