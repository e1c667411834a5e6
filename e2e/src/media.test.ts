import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { oncePerWidth, openPage, screenshot } from './browser.js';
import { type Desk, openDesk } from './desk.js';
import { painted } from './pictures.js';
import { signInTo } from './product.js';

const RECORDING = fileURLToPath(
  new URL('../../server/src/media/testing/chromium-recording.webm', import.meta.url),
);
const WAVEFORM = Array.from({ length: 64 }, (_, bar) =>
  Math.round(50 + 45 * Math.sin(bar / 3) * Math.cos(bar / 11)),
).join(',');

/** Files come and go between a phone and a page: pictures, voice, documents. */
describe('media in the thread', () => {
  let desk: Desk;
  let picture: Buffer;

  beforeAll(async () => {
    desk = await openDesk();
    picture = await painted(desk.page);
  });
  afterAll(() => desk?.stop());

  const bubble = (id: string) => desk.page.locator(`[data-message="${id}"]`);

  test('a picture from a phone is shown, and opens', async () => {
    const facts = { kind: 'image', mimetype: 'image/jpeg', caption: 'The harbour at dusk' };
    const id = await desk.sandbox.sendFile(desk.bruno, desk.ana, picture, {
      ...facts,
      width: '800',
      height: '500',
    });
    const image = bubble(id).getByRole('img', { name: 'The harbour at dusk' });
    await image.waitFor();
    await expect
      .poll(() => image.evaluate((each: HTMLImageElement) => each.naturalWidth))
      .toBe(800);
    await bubble(id).getByText('The harbour at dusk').waitFor();
    await image.click();
    const viewer = desk.page.getByRole('dialog', { name: 'Picture' });
    await viewer.getByRole('img', { name: 'The harbour at dusk' }).waitFor();
    await screenshot(desk.page, '20-viewer');
    await desk.page.keyboard.press('Escape');
    await expect.poll(() => viewer.count()).toBe(0);
  });

  test('a voice note is shown with its waveform and plays', async () => {
    const facts = { kind: 'audio', mimetype: 'audio/webm', voice: '1', seconds: '3' };
    const file = await readFile(RECORDING);
    const id = await desk.sandbox.sendFile(desk.bruno, desk.ana, file, {
      ...facts,
      waveform: WAVEFORM,
    });
    await bubble(id).getByText('0:03').waitFor();
    expect(await bubble(id).locator('svg[preserveAspectRatio] rect').count()).toBe(64);
    await bubble(id).getByRole('button', { name: 'Play' }).click();
    await bubble(id).getByRole('button', { name: 'Pause' }).waitFor();
    const position = bubble(id).getByRole('slider', { name: 'Position' });
    await expect.poll(async () => Number(await position.inputValue())).toBeGreaterThan(0.2);
    await bubble(id).getByRole('button', { name: 'Pause' }).click();
    await screenshot(desk.page, '20-picture-and-voice');
  });

  test('a document is offered for saving; a page among them is not run', async () => {
    const page = Buffer.from('<title>run</title><script>document.title = "run"</script>');
    const facts = { kind: 'document', mimetype: 'text/html', filename: 'offer.html' };
    const id = await desk.sandbox.sendFile(desk.bruno, desk.ana, page, facts);
    const link = bubble(id).getByRole('link', { name: /offer\.html/ });
    const saved = desk.page.waitForEvent('download');
    await link.click();
    expect((await saved).suggestedFilename()).toBe('offer.html');
    // Opened by its address it is saved as well.
    const tab = await desk.page.context().newPage();
    const again = tab.waitForEvent('download');
    const address = (await link.getAttribute('href'))?.replace('?download=1', '');
    await tab.goto(desk.product.url + address).catch(() => undefined);
    await again;
    expect(await tab.title()).not.toBe('run');
    await tab.close();
  });

  test('files are attached by button, dropped, pasted, taken out again, and sent', async () => {
    const { page } = desk;
    await page.getByRole('button', { name: 'Choose a chat or number' }).click();
    await page.getByPlaceholder('Chat name or phone number').fill(desk.bruno);
    await page.keyboard.press('Enter');
    await page.locator('input[type=file]').setInputFiles([
      { name: 'plan.jpg', mimeType: 'image/jpeg', buffer: picture },
      { name: 'prices.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 prices') },
    ]);
    await give(page, 'drop', 'note.txt');
    await give(page, 'paste', 'pasted.txt');
    const tray = page.getByRole('list', { name: 'Attached files' });
    await expect.poll(() => tray.getByRole('listitem').count()).toBe(4);
    await tray.getByRole('button', { name: 'Take pasted.txt out' }).click();
    await page.getByRole('textbox', { name: 'Write a message' }).fill('As we said');
    await screenshot(page, '21-attached');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await expect
      .poll(
        async () =>
          (await desk.sandbox.messages(desk.bruno))
            .filter(
              ({ from, media, text }) => from === desk.ana && (media || text === 'As we said'),
            )
            .map(({ kind, text, media }) => [kind, text, media?.filename]),
        { timeout: 20_000 },
      )
      .toEqual([
        ['image', 'As we said', undefined],
        ['document', '', 'prices.pdf'],
        ['document', '', 'note.txt'],
      ]);
    const sent = page.getByRole('img', { name: 'As we said' });
    await expect.poll(() => sent.evaluate((each: HTMLImageElement) => each.src)).toContain('/api/');
    await page.locator('[data-tick=delivered]').nth(2).waitFor();
    await screenshot(page, '22-sent');
  });

  const looks = [
    { name: 'phone', width: 390, height: 844, colorScheme: 'light' },
    { name: 'phone', width: 390, height: 844, colorScheme: 'dark' },
    { name: 'desktop', width: 1280, height: 800, colorScheme: 'dark' },
  ] as const;
  test.each(oncePerWidth(looks))('at the width of a $name ($colorScheme)', async (look) => {
    const { name, colorScheme } = look;
    const { page, complaints } = await openPage(desk.browser, desk.product.url, look);
    await page.goto(signInTo(desk.product, '/accounts'));
    await page.getByRole('link', { name: /^Messages of / }).click();
    await page.getByRole('img', { name: 'As we said' }).waitFor();
    await page.waitForLoadState('networkidle');
    const wide = await page.evaluate(
      () => document.documentElement.scrollWidth > window.innerWidth,
    );
    expect(wide).toBe(false);
    await screenshot(page, `23-${name}-${colorScheme}`);
    await page.getByRole('slider', { name: 'Position' }).first().scrollIntoViewIfNeeded();
    await screenshot(page, `24-${name}-${colorScheme}`);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('nothing went wrong unseen', () => {
    expect(desk.complaints).toEqual([]);
  });
});

/** A text file dropped on, or pasted into, the box to write in. */
async function give(page: Page, how: 'drop' | 'paste', name: string): Promise<void> {
  const transfer = await page.evaluateHandle((filename) => {
    const data = new DataTransfer();
    data.items.add(new File(['a note'], filename, { type: 'text/plain' }));
    return data;
  }, name);
  const box = page.getByRole('textbox', { name: 'Write a message' });
  if (how === 'drop') await box.dispatchEvent('drop', { dataTransfer: transfer });
  else {
    await box.evaluate((field, clipboardData) => {
      const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
      field.dispatchEvent(event);
    }, transfer);
  }
}
