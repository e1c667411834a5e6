import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { oncePerWidth, openPage, screenshot } from './browser.js';
import { type Desk, openDesk } from './desk.js';
import { signInTo } from './product.js';

const VCARD =
  'BEGIN:VCARD\nVERSION:3.0\nFN:Ana Torres\nTEL;waid=51999111222:+51999111222\nEND:VCARD';

/** Polls, events, places, cards ... between a phone and a page, and what is done to messages. */
describe('every kind of message in the thread', () => {
  let desk: Desk;

  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(() => desk?.stop());

  const bubble = (id: string) => desk.page.locator(`[data-message="${id}"]`);
  const onPhone = async (id: string) =>
    (await desk.sandbox.messages(desk.bruno)).find((message) => message.id === id);
  const menuOf = async (id: string, item: string) => {
    await bubble(id).hover();
    await bubble(id).getByRole('button', { name: 'More to do with this message' }).click();
    await desk.page.getByRole('menuitem', { name: item }).click();
  };

  test('a poll shows its votes, and is voted in', async () => {
    const id = await desk.sandbox.say(desk.bruno, desk.ana, {
      kind: 'poll',
      name: 'When shall we meet?',
      options: ['Monday at nine', 'Tuesday at ten', 'Not at all'],
      selectableCount: 0,
    });
    const option = (name: string) => bubble(id).getByRole('button', { name });
    await option('Vote for Tuesday at ten, 0 votes').click();
    await expect
      .poll(async () => (await onPhone(id))?.votes?.[desk.ana])
      .toEqual(['Tuesday at ten']);
    await option('Vote for Tuesday at ten, 1 vote').waitFor();
    await desk.sandbox.say(desk.bruno, desk.ana, {
      kind: 'poll_vote',
      target: id,
      options: ['Monday at nine', 'Tuesday at ten'],
    });
    await option('Vote for Tuesday at ten, 2 votes').waitFor();
    await option('Vote for Monday at nine, 1 vote').waitFor();
  });

  test('an event is answered', async () => {
    const id = await desk.sandbox.say(desk.bruno, desk.ana, {
      kind: 'event',
      event: {
        name: 'Opening of the new shop',
        description: 'Bring your friends',
        startsAt: '2027-05-02T18:00:00.000Z',
        endsAt: '2027-05-02T20:00:00.000Z',
        place: { name: 'Main square 5' },
      },
    });
    await bubble(id).getByRole('button', { name: 'Going', exact: true }).click();
    await expect
      .poll(async () => (await onPhone(id))?.responses?.[desk.ana]?.response)
      .toBe('going');
    await bubble(id).getByRole('button', { name: 'Going 1', pressed: true }).waitFor();
  });

  test('places, cards, previews, forwarded and notices', async () => {
    const place = { latitude: -12.04637, longitude: -77.04279, name: 'Plaza de Armas' };
    const shown = await desk.sandbox.say(desk.bruno, desk.ana, {
      kind: 'location',
      place: { ...place, address: 'Jirón de la Unión' },
    });
    const link = bubble(shown).getByRole('link', { name: 'Open in maps' });
    expect(await link.getAttribute('href')).toContain('mlat=-12.04637');
    const card = await desk.sandbox.say(desk.bruno, desk.ana, {
      kind: 'contact',
      contacts: [{ name: 'Ana Torres', vcard: VCARD }],
    });
    await bubble(card).getByText('Ana Torres').waitFor();
    await bubble(card).getByText('+51 999 111 222').waitFor();
    const preview = await desk.sandbox.say(desk.bruno, desk.ana, {
      kind: 'text',
      text: 'https://example.org/opening',
      preview: { url: 'https://example.org/opening', title: 'We open', description: 'In May' },
      forwarded: 7,
    });
    await bubble(preview).getByText('We open').waitFor();
    await bubble(preview).getByText('Forwarded many times').waitFor();
    await desk.sandbox.say(desk.bruno, desk.ana, { kind: 'timer', seconds: 86_400 });
    await desk.page.getByText('Messages disappear after 24 hours').waitFor();
    await desk.sandbox.say(desk.bruno, desk.ana, { kind: 'timer', seconds: 0 });
    await screenshot(desk.page, '30-kinds');
  });

  test('reacts, replies, edits and deletes', async () => {
    const theirs = await desk.sandbox.write(desk.bruno, desk.ana, 'Is it still open?');
    await menuOf(theirs, 'React with 👍');
    await bubble(theirs).getByText('👍').waitFor();
    await expect
      .poll(async () => Object.values((await onPhone(theirs))?.reactions ?? {}))
      .toEqual(['👍']);

    const { page } = desk;
    await bubble(theirs).hover();
    await bubble(theirs)
      .getByRole('button', { name: /^Reply to/ })
      .click();
    const box = page.getByRole('textbox', { name: 'Write a message' });
    await box.fill('Until nien');
    await page.keyboard.press('Enter');
    const mine = page.locator('[data-message]').filter({ hasText: 'Until nien' });
    await mine.locator('[data-tick=delivered]').waitFor();
    const id = (await mine.getAttribute('data-message')) ?? '';

    await menuOf(id, 'Edit');
    await expect.poll(() => box.inputValue()).toBe('Until nien');
    await screenshot(page, '31-editing');
    await box.fill('Until nine');
    await page.keyboard.press('Enter');
    await bubble(id).getByText('Edited').waitFor();
    await bubble(id).getByText('Until nine').waitFor();
    await expect.poll(async () => (await onPhone(id))?.text).toBe('Until nine');

    await bubble(id).hover();
    await bubble(id).getByRole('button', { name: 'More to do with this message' }).click();
    await page.getByRole('menuitem', { name: 'Edit' }).waitFor();
    await screenshot(page, '32-menu');
    await page.getByRole('menuitem', { name: 'Delete for everyone' }).click();
    await bubble(id).getByText('This message was deleted').waitFor();
    await expect.poll(async () => (await onPhone(id))?.revoked).toBe(true);
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
    await page.getByText('When shall we meet?').waitFor();
    await page.waitForLoadState('networkidle');
    const wide = await page.evaluate(
      () => document.documentElement.scrollWidth > window.innerWidth,
    );
    expect(wide).toBe(false);
    await screenshot(page, `33-${name}-${colorScheme}`);
    await page.getByText('When shall we meet?').scrollIntoViewIfNeeded();
    await screenshot(page, `34-${name}-${colorScheme}`);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('nothing went wrong unseen', () => {
    expect(desk.complaints).toEqual([]);
  });
});
