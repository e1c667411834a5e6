import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from './accessible.js';
import { oncePerWidth, openPage, screenshot } from './browser.js';
import { type Desk, openDesk } from './desk.js';
import { drag, paste } from './gestures.js';

/** Somebody writes to a customer: text, files, a voice note. */
describe('the composer', () => {
  let desk: Desk;

  beforeAll(async () => {
    desk = await openDesk();
    await desk.sandbox.write(desk.bruno, desk.ana, 'Good morning, is my order ready?');
    const { page } = desk;
    await page.getByText('Good morning, is my order ready?').waitFor();
    await page
      .getByTitle(/^Show only/)
      .last()
      .click();
  });
  afterAll(() => desk?.stop());

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail')
      await screenshot(desk.page, `failed ${task.name.slice(0, 30)}`);
  });

  const box = () => desk.page.getByRole('textbox', { name: 'Write a message' });
  const bubble = (id: string) => desk.page.locator(`[data-message="${id}"]`);
  const withText = (text: string) => desk.page.locator('[data-message]').filter({ hasText: text });
  const idOf = async (text: string) => {
    await withText(text).locator('[data-tick=delivered]').waitFor();
    return (await withText(text).getAttribute('data-message')) ?? '';
  };
  const chooseChat = async (name: string) => {
    const { page } = desk;
    await page
      .getByRole('button', { name: /^(Bruno Salas|Neighbours|Notices)$/ })
      .first()
      .click();
    await page.getByRole('option', { name }).first().click();
  };
  /** As the page asks, with its cookie. */
  const call = <Answer>(method: string, path: string, body?: object) =>
    desk.page.evaluate(
      async ([how, where, said]) => {
        const answer = await fetch(`/api${where}`, {
          method: how,
          ...(said && { body: said, headers: { 'content-type': 'application/json' } }),
        });
        if (!answer.ok) throw new Error(await answer.text());
        return await answer.json();
      },
      [method, path, body && JSON.stringify(body)] as const,
    ) as Promise<Answer>;
  const received = async () =>
    (await desk.sandbox.messages(desk.bruno)).filter(({ from }) => from === desk.ana);

  test('text with formatting is previewed, sent and shown as WhatsApp shows it', async () => {
    const { page } = desk;
    await box().fill('Yes, it is ready');
    await box().evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(11, 16));
    await page.keyboard.press('Control+b');
    expect(await box().inputValue()).toBe('Yes, it is *ready*');
    await page.keyboard.press('End');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('- _open_ until nine');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('~closed~ on Sunday');
    expect(await box().inputValue()).toBe(
      'Yes, it is *ready*\n- _open_ until nine\n- ~closed~ on Sunday',
    );
    await page.getByRole('region', { name: 'Preview' }).getByRole('strong').waitFor();
    await screenshot(page, '40-formatting');
    await page.getByRole('button', { name: 'Formatting' }).click();
    await page.getByRole('toolbar', { name: 'Formatting' }).waitFor();
    await expectAccessible(page);
    const enterSends = page.getByRole('checkbox', { name: 'Enter sends' });
    await enterSends.uncheck();
    await box().press('Control+End');
    await box().press('Enter');
    // A list goes on with its next item, and an empty item ends it.
    expect((await box().inputValue()).endsWith('Sunday\n- ')).toBe(true);
    await page.keyboard.press('Enter');
    expect((await box().inputValue()).endsWith('Sunday\n')).toBe(true);
    await page.keyboard.press('Backspace');
    await enterSends.check();
    await page.getByRole('button', { name: 'Formatting' }).click();
    await box().press('Enter');
    const sent = withText('until nine');
    await sent.locator('[data-tick=delivered]').waitFor();
    expect(await sent.locator('strong').textContent()).toBe('ready');
    expect(await sent.locator('em').textContent()).toBe('open');
    expect(await sent.locator('s').textContent()).toBe('closed');
    expect(await sent.getByRole('listitem').count()).toBe(2);
    expect((await received()).at(-1)?.text).toBe(
      'Yes, it is *ready*\n- _open_ until nine\n- ~closed~ on Sunday',
    );
    expect(await box().inputValue()).toBe('');
  });

  test('emoji by their names and from the panel', async () => {
    const { page } = desk;
    await box().pressSequentially('Great :thumbs');
    await page.getByRole('option').first().waitFor();
    await screenshot(page, '41-emoji-suggestions');
    await expectAccessible(page);
    await page.keyboard.press('Enter');
    await expect.poll(() => box().inputValue()).toBe('Great 👍 ');
    await page.getByRole('button', { name: 'Emoji', exact: true }).click();
    const panel = page.getByRole('dialog', { name: 'Emoji' });
    await panel.getByRole('searchbox').fill('rocket');
    await panel.getByRole('button', { name: 'rocket', exact: true }).waitFor();
    await screenshot(page, '42-emoji-panel');
    await expectAccessible(page);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => box().inputValue()).toBe('Great 👍 🚀');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await received()).at(-1)?.text).toBe('Great 👍 🚀');
  });

  test('a pasted picture and a dragged document go with their captions', async () => {
    const { page } = desk;
    await paste(page, 'photo.png');
    await drag(page, 'prices.pdf', 'application/pdf', '%PDF-1.4 prices');
    const tray = page.getByRole('list', { name: 'Attached files' });
    await expect.poll(() => tray.getByRole('listitem').count()).toBe(2);
    await box().fill('The new window');
    await tray.getByRole('button', { name: /^Caption of ?prices.pdf/ }).click();
    await box().fill('and what it costs');
    await screenshot(page, '43-tray');
    await expectAccessible(page);
    await page.keyboard.press('Enter');
    await expect
      .poll(async () => (await received()).slice(-2).map(({ kind, text }) => [kind, text]), {
        timeout: 20_000,
      })
      .toEqual([
        ['image', 'The new window'],
        ['document', 'and what it costs'],
      ]);
    await page.getByRole('img', { name: 'The new window' }).waitFor();
    await expect.poll(() => tray.count()).toBe(0);
  });

  test('what is too large is refused before it is sent', async () => {
    const { page } = desk;
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(17 * 1024 * 1024)], 'film.mp4'));
      const input = document.querySelector<HTMLInputElement>('form input[type=file]');
      if (!input) return;
      input.files = data.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    });
    await page.getByRole('alert').getByText('film.mp4 is').waitFor();
    await screenshot(page, '44-too-large');
    await page.getByRole('button', { name: 'Dismiss' }).click();
  });

  test('a voice note: clicked, listened to, sent; held down, let go; and taken back', async () => {
    const { page } = desk;
    const mic = page.getByRole('button', { name: 'Record a voice note' });
    await mic.click();
    const timer = page.getByRole('timer');
    await expect.poll(() => timer.textContent(), { timeout: 10_000 }).toBe('0:02');
    await screenshot(page, '45-recording');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Stop and listen' }).click();
    await page
      .getByRole('group', { name: 'Voice note' })
      .getByRole('button', { name: 'Play' })
      .click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await screenshot(page, '46-recorded');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Send voice note' }).click();
    await expect
      .poll(async () => (await received()).at(-1)?.media?.mimetype, { timeout: 20_000 })
      .toMatch(/^audio\/ogg/);

    const before = (await received()).length;
    await mic.hover();
    await page.mouse.down();
    await expect.poll(() => timer.textContent(), { timeout: 5_000 }).toBe('0:01');
    await page.mouse.up();
    await expect.poll(async () => (await received()).length, { timeout: 20_000 }).toBe(before + 1);

    await mic.press('Enter');
    await timer.waitFor();
    await page.keyboard.press('Escape');
    await mic.waitFor();
    expect((await received()).length).toBe(before + 1);
  });

  test('reply, reaction, edit and deletion', async () => {
    const { page } = desk;
    const theirs = await desk.sandbox.write(desk.bruno, desk.ana, 'And on Monday?');
    await bubble(theirs).hover();
    await bubble(theirs)
      .getByRole('button', { name: /^Reply to/ })
      .click();
    await box().fill('Mondays from tne');
    await page.keyboard.press('Enter');
    const mine = await idOf('Mondays from tne');
    const menu = async (id: string, item: string) => {
      await bubble(id).hover();
      await bubble(id).getByRole('button', { name: 'More to do with this message' }).click();
      await page.getByRole('menuitem', { name: item }).click();
    };
    await menu(theirs, 'React with 👍');
    await bubble(theirs).getByText('👍').waitFor();
    await menu(mine, 'Edit');
    await box().fill('Mondays from *ten*');
    await page.getByRole('button', { name: 'Save' }).click();
    await bubble(mine).getByText('Edited').waitFor();
    expect(await bubble(mine).locator('strong').textContent()).toBe('ten');
    expect(await box().inputValue()).toBe('');
    await menu(mine, 'Delete for everyone');
    await bubble(mine).getByText('This message was deleted').waitFor();
    await expect
      .poll(async () => (await received()).find(({ id }) => id === mine)?.revoked)
      .toBe(true);
  });

  test('canned replies, told typing, and members by their names', async () => {
    const { page } = desk;
    await call('POST', '/team/canned-replies', {
      shortcut: 'hours',
      text: 'Hello {{name}}, we are open from nine to six.',
      shared: true,
    });
    const told = page.waitForRequest(
      (request) =>
        request.url().endsWith('/typing') && request.postData()?.includes('composing') === true,
    );
    await box().pressSequentially('/hou');
    await told;
    await page.getByRole('option', { name: /hours/ }).waitFor();
    await screenshot(page, '48-canned-reply');
    await page.keyboard.press('Tab');
    await expect
      .poll(() => box().inputValue())
      .toBe('Hello Bruno Salas, we are open from nine to six.');
    await box().fill('');

    await chooseChat('Neighbours');
    await box().pressSequentially('Ask @bru');
    await page.getByRole('option', { name: /Bruno/ }).waitFor();
    await screenshot(page, '49-members');
    await page.keyboard.press('Enter');
    await box().pressSequentially('about it');
    expect(await box().inputValue()).toBe('Ask @Bruno Salas about it');
    await page.keyboard.press('Enter');
    const sent = withText('about it');
    await sent.locator('[data-tick=delivered]').waitFor();
    await sent.getByText('@Bruno Salas').waitFor();
    await expect.poll(async () => (await received()).at(-1)?.text).toMatch(/^Ask @\d+ about it$/);
    await chooseChat('Bruno Salas');
  });

  test('where only admins may write, that is said instead', async () => {
    const { page, sandbox, bruno, ana } = desk;
    const group = await sandbox.makeGroup('Notices', [bruno, ana]);
    await sandbox.changeGroup(group, bruno, { announcement: true });
    await sandbox.write(bruno, group, 'Closed on Monday');
    await chooseChat('Notices');
    await page.getByText('Only admins can write in this group.').waitFor();
    await box().fill('May I?');
    expect(await page.getByRole('button', { name: 'Send', exact: true }).isEnabled()).toBe(false);
    await box().fill('');
    await sandbox.changeGroup(group, bruno, { announcement: false });
    await expect.poll(() => page.getByText('Only admins can write in this group.').count()).toBe(0);
    await chooseChat('Bruno Salas');
  });

  test('what is to be sent later says when, and is taken back', async () => {
    const { page } = desk;
    const [session] = (await call<{ sessions: { id: string }[] }>('GET', '/sessions')).sessions;
    const sendAt = new Date(Date.now() + 3_600_000).toISOString();
    const body = { chatId: desk.bruno, text: 'For later', sendAt };
    await call('POST', `/sessions/${session?.id}/send/text`, body);
    const later = withText('For later');
    await later.getByText(/^Will be sent at/).waitFor();
    await screenshot(page, '50-later');
    await later.getByRole('button', { name: 'Cancel' }).click();
    await later.locator('[data-tick=cancelled]').waitFor();
    await expect.poll(() => later.getByText(/^Will be sent at/).count()).toBe(0);
  });

  test('pictures are looked at in full, one after the other', async () => {
    const { page } = desk;
    await paste(page, 'second.png');
    await box().fill('The other side');
    await page.keyboard.press('Enter');
    await withText('The other side').locator('[data-tick=delivered]').waitFor();
    await withText('The other side')
      .getByRole('button', { name: /The other side/ })
      .click();
    const viewer = page.getByRole('dialog', { name: 'Picture' });
    await viewer.getByRole('img', { name: 'The other side' }).waitFor();
    await page.keyboard.press('ArrowLeft');
    await viewer.getByRole('img', { name: 'The new window' }).waitFor();
    await expectAccessible(page);
    await page.keyboard.press('+');
    await viewer.getByRole('button', { name: 'Smaller' }).click();
    await page.keyboard.press('ArrowRight');
    await viewer.getByRole('img', { name: 'The other side' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => viewer.count()).toBe(0);
  });

  const looks = [
    { name: 'desktop', width: 1440, height: 900, colorScheme: 'dark' },
    { name: 'phone', width: 390, height: 844, colorScheme: 'light' },
    { name: 'phone', width: 390, height: 844, colorScheme: 'dark' },
  ] as const;
  test.each(oncePerWidth(looks))('at the width of a $name ($colorScheme)', async (look) => {
    const { name, colorScheme } = look;
    const watched = await openPage(desk.browser, desk.product.url, look);
    const { page } = watched;
    await page.context().addCookies(await desk.page.context().cookies());
    await page.goto(desk.page.url());
    const text = page.getByRole('textbox', { name: 'Write a message' });
    await text.fill('A *bold* word');
    await page.getByRole('region', { name: 'Preview' }).waitFor();
    await paste(page, 'photo.png');
    await page.getByRole('list', { name: 'Attached files' }).waitFor();
    await screenshot(page, `51-${name}-${colorScheme}`);
    await expectAccessible(page);
    const wide = await page.evaluate(
      () => document.documentElement.scrollWidth > window.innerWidth,
    );
    expect(wide).toBe(false);
    await page.getByRole('button', { name: 'Take photo.png out' }).click();
    await text.fill('');
    await page.getByRole('button', { name: 'Record a voice note' }).click();
    await page.getByRole('timer').waitFor();
    await screenshot(page, `52-${name}-${colorScheme}`);
    await page.keyboard.press('Escape');
    expect(watched.complaints).toEqual([]);
    await page.context().close();
  });

  test('nothing went wrong unseen', () => {
    const unexpected = desk.complaints.filter((each) => !/ERR_|Failed to load resource/.test(each));
    expect(unexpected).toEqual([]);
  });
});
