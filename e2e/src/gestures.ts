import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { screenshot } from './browser.js';

/** A picture pasted into the box to write in. */
export async function paste(page: Page, name: string): Promise<void> {
  // With a placeholder: not the field that only takes text while the composer is loading.
  const box = page
    .getByRole('textbox', { name: 'Write a message' })
    .and(page.locator('[placeholder]'));
  await box.evaluate(async (field, filename) => {
    const canvas = document.createElement('canvas');
    canvas.width = 640;
    canvas.height = 420;
    const context = canvas.getContext('2d');
    if (!context) return;
    context.fillStyle = '#457b9d';
    context.fillRect(0, 0, 640, 420);
    context.fillStyle = '#f1faee';
    context.fillRect(120, 80, 400, 260);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    const clipboardData = new DataTransfer();
    if (blob) clipboardData.items.add(new File([blob], filename, { type: 'image/png' }));
    field.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
    );
  }, name);
}

/** A file dragged over the page, and dropped where the page says. */
export async function drag(page: Page, name: string, type: string, content: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    (file) => {
      const data = new DataTransfer();
      data.items.add(new File([file.content], file.name, { type: file.type }));
      return data;
    },
    { name, type, content },
  );
  await page.dispatchEvent('body', 'dragenter', { dataTransfer });
  const target = page.getByText('Drop files to attach them');
  await target.waitFor();
  await screenshot(page, '43-drop-target');
  await target.dispatchEvent('drop', { dataTransfer });
  await expect.poll(() => target.count()).toBe(0);
}
