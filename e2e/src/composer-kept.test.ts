import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from './accessible.js';
import { screenshot } from './browser.js';
import { type Desk, openDeskOf } from './desk.js';
import { paste } from './gestures.js';
import { type MortalProduct, startMortalProduct } from './product.js';

/** What is being written survives: a reload, another chat, another account, a server that dies. */
describe('nothing written is lost', () => {
  let desk: Desk<MortalProduct>;

  beforeAll(async () => {
    desk = await openDeskOf(await startMortalProduct());
    const carla = (await desk.sandbox.phones())[2]?.phone ?? '';
    await desk.sandbox.write(carla, desk.ana, 'Hello from Carla');
    await desk.page.getByText('Hello from Carla').waitFor();
    await desk.sandbox.write(desk.bruno, desk.ana, 'Good morning, is my order ready?');
    await desk.page.getByText('Good morning, is my order ready?').waitFor();
    await desk.page
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
  const withText = (text: string) => desk.page.locator('[data-message]').filter({ hasText: text });
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

  /** The next page that opens waits for its composer until it is let through. */
  const holdComposer = async () => {
    let letThrough = () => {};
    const allowed = new Promise<void>((resolve) => {
      letThrough = resolve;
    });
    await desk.page.route(/\/composer-[^/]+\.js/, async (route) => {
      await allowed;
      await route.continue();
    });
    return {
      load: async () => {
        letThrough();
        await desk.page.getByPlaceholder('Write a message').waitFor();
        await desk.page.unrouteAll();
      },
    };
  };

  test('a draft survives a reload', async () => {
    const { page } = desk;
    await box().fill('I was about to say');
    await page.reload();
    await expect.poll(() => box().inputValue()).toBe('I was about to say');
    await box().fill('');
    await page.reload();
    await box().waitFor();
    expect(await box().inputValue()).toBe('');
  });

  test('what is typed before the composer is loaded is its text, and is sent', async () => {
    const { page } = desk;
    const first = await holdComposer();
    await page.reload();
    await box().pressSequentially('resolve nothing');
    await page.keyboard.press('Home');
    await page.keyboard.type('Please ');
    await first.load();
    await page.getByPlaceholder('Write a message').waitFor();
    await page.keyboard.type('now ');
    expect(await box().inputValue()).toBe('Please now resolve nothing');

    const second = await holdComposer();
    await page.reload();
    await box().press('Enter');
    await second.load();
    await withText('Please now resolve nothing').locator('[data-tick=delivered]').waitFor();
    expect(await box().inputValue()).toBe('');

    const third = await holdComposer();
    await page.reload();
    await box().pressSequentially(':thumbs');
    await third.load();
    await page.getByRole('option', { name: ':thumbs_up:' }).waitFor();
    await box().fill('');
  });

  test('in the inbox, where the list shows the draft', async () => {
    const { page } = desk;
    const account = page.url();
    await page.goto(`${desk.product.url}/inbox`);
    const rowOf = (name: string) =>
      page.locator('[data-chat]').filter({ has: page.getByText(name, { exact: true }) });
    const row = rowOf('Bruno Salas');
    await row.click();
    await box().fill('Half of a sentence');
    await rowOf('Carla Mendoza').filter({ hasText: 'Hello from Carla' }).click();
    await row.getByText('Half of a sentence').waitFor();
    expect(await box().inputValue()).toBe('');
    await screenshot(page, '53-inbox-draft');
    // Beside the pill of a list that waits for the pointer to leave.
    await row.click({ position: { x: 40, y: 50 } });
    await expect.poll(() => box().inputValue()).toBe('Half of a sentence');
    await box().press('End');
    await box().pressSequentially(', and the rest');
    await page.keyboard.press('Enter');
    await withText('Half of a sentence, and the rest').locator('[data-tick=delivered]').waitFor();
    await screenshot(page, '54-inbox');
    await expectAccessible(page);
    await page.goto(account);
  });

  test('with two accounts, one chooses by which to answer', async () => {
    const { page } = desk;
    const account = page.url();
    const carla = (await desk.sandbox.phones())[2];
    await call('PUT', '/sessions/second', {});
    const stateOf = async () =>
      (await call<{ state: { status: string } }>('GET', '/sessions/second')).state.status;
    await expect.poll(stateOf, { timeout: 20_000 }).toBe('qr');
    await call('POST', '/sandbox/scan', { sessionId: 'second', phone: carla?.phone });
    await expect.poll(stateOf, { timeout: 20_000 }).toBe('connected');
    await page.goto(`${desk.product.url}/inbox`);
    await page.locator('[data-chat]').filter({ hasText: 'Half of a sentence' }).click();
    await box().fill('From the other number');
    await page.getByRole('button', { name: /^From/ }).click();
    await screenshot(page, '55-answer-from');
    await page.getByRole('menuitemradio', { name: carla?.name ?? '' }).click();
    await page.getByRole('button', { name: `From ${carla?.name}` }).waitFor();
    await expect.poll(() => box().inputValue()).toBe('From the other number');
    await box().press('Enter');
    await expect
      .poll(
        async () =>
          (await desk.sandbox.messages(desk.bruno)).find(
            ({ text }) => text === 'From the other number',
          )?.from,
      )
      .toBe(carla?.phone);
    await page.goto(account);
  });

  test('what is sent while the server is killed, and survives a reload, appears once', async () => {
    const { page, product } = desk;
    await withText('Good morning, is my order ready?').first().waitFor();
    await product.kill();
    await box().fill('Said into the dark');
    await page.keyboard.press('Enter');
    await withText('Said into the dark').locator('[data-tick=queued]').waitFor();
    await paste(page, 'dark.png');
    await box().fill('A picture into the dark');
    await page.keyboard.press('Enter');
    await withText('A picture into the dark').waitFor();
    await box().fill('and not sent yet');
    await screenshot(page, '47-server-away');
    await product.startAgain();
    await page.reload();
    const texts = async () => (await received()).map(({ text }) => text);
    await expect.poll(texts, { timeout: 40_000 }).toContain('A picture into the dark');
    await withText('Said into the dark').locator('[data-tick=delivered]').waitFor();
    await expect.poll(() => withText('into the dark').count()).toBe(2);
    expect((await texts()).filter((text) => text.includes('into the dark'))).toEqual([
      'Said into the dark',
      'A picture into the dark',
    ]);
    expect(await box().inputValue()).toBe('and not sent yet');
  });

  test('nothing went wrong unseen', () => {
    const unexpected = desk.complaints.filter((each) => !/ERR_|Failed to load resource/.test(each));
    expect(unexpected).toEqual([]);
  });
});
