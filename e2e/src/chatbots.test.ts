import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from './accessible.js';
import { screenshot } from './browser.js';
import { type Desk, openDesk } from './desk.js';

/** A chatbot answers, somebody takes over, and gives it back. */
describe('chatbots', () => {
  let desk: Desk;
  let page: Page;
  let model: Server;
  let baseUrl: string;

  beforeAll(async () => {
    // What an OpenAI-compatible endpoint answers.
    model = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { messages } = JSON.parse(Buffer.concat(chunks).toString());
      const content = `I heard: ${messages.at(-1).content}`;
      const usage = { prompt_tokens: 20, completion_tokens: 5 };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ choices: [{ message: { content } }], usage }));
    });
    await new Promise<void>((resolve) => model.listen(0, '127.0.0.1', resolve));
    baseUrl = `http://127.0.0.1:${(model.address() as AddressInfo).port}/v1`;
    desk = await openDesk();
    page = desk.page;
  });
  afterAll(async () => {
    await desk?.stop();
    model?.closeAllConnections();
    model?.close();
  });

  const got = async () =>
    (await desk.sandbox.messages(desk.bruno))
      .filter(({ from }) => from === desk.ana)
      .map(({ text }) => text);
  const hears = async (text: string) => {
    await expect.poll(got, { timeout: 20_000 }).toContain(text);
  };

  test('one is added for an account', async () => {
    await page.getByRole('link', { name: 'Chatbots' }).first().click();
    await page.getByRole('heading', { name: 'Let a program answer' }).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Add chatbot' }).click();
    await page.getByLabel('Name').fill('Bakery helper');
    await page.getByLabel('Account').selectOption({ index: 1 });
    await page.getByLabel('Address of the API').fill(baseUrl);
    await page.getByLabel('Model').fill('test-model');
    await page.getByLabel('Instructions').fill('Be brief.');
    await page.getByLabel('Seconds of silence').fill('0.2');
    await expectAccessible(page);
    await screenshot(page, 'chatbots-1-add');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('link', { name: /^Bakery helper/ }).click();
    await page.getByRole('heading', { name: 'No conversations yet' }).waitFor();
  });

  test('it can be tried without sending anything', async () => {
    await page.getByText('Try it', { exact: true }).click();
    await page.getByLabel('Write as a contact would').fill('Are you there?');
    await page.getByRole('button', { name: 'Ask' }).click();
    await page.getByText('I heard: Are you there?').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'chatbots-2-try');
    expect(await got()).not.toContain('I heard: Are you there?');
  });

  test('it answers, keeps silent for a person, and answers again', async () => {
    await page.getByText('Conversations', { exact: true }).first().click();
    await desk.sandbox.write(desk.bruno, desk.ana, 'Do you have rye bread?');
    await hears('I heard: Do you have rye bread?');
    const row = page.getByRole('listitem').filter({ hasText: 'I heard: Do you have' });
    await row.waitFor();
    await expectAccessible(page);
    await screenshot(page, 'chatbots-3-conversations');
    await row.getByText('People', { exact: true }).click();
    await row.getByText('taken over here').waitFor();
    await desk.sandbox.write(desk.bruno, desk.ana, 'A person, please');
    await page.getByRole('listitem').filter({ hasText: 'A person, please' }).waitFor();

    await page.getByRole('link', { name: /^Open chat/ }).click();

    await page.getByRole('log').getByText('A person, please').waitFor();
    const details = page.getByRole('button', { name: 'Details' });
    const here = page.getByRole('region', { name: 'Chatbot' });
    if (!(await here.isVisible())) await details.first().click();
    await here.getByText('Bot', { exact: true }).click();
    await expect.poll(() => here.getByRole('radio', { name: 'Bot' }).isChecked()).toBe(true);
    await desk.sandbox.write(desk.bruno, desk.ana, 'And now?');
    await hears('I heard: And now?');
    expect(await got()).not.toContain('I heard: A person, please');
    await screenshot(page, 'chatbots-4-inbox');
  });

  test('its usage is shown, and it can be deleted', async () => {
    await page.getByRole('link', { name: 'Chatbots' }).first().click();
    await page.getByRole('link', { name: /^Bakery helper/ }).click();
    await page.getByText('Usage', { exact: true }).click();
    await page.getByText('Answers of the bot').first().waitFor();
    await expectAccessible(page);
    await screenshot(page, 'chatbots-5-usage');
    await page.getByRole('button', { name: 'More for this chatbot' }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { name: 'Let a program answer' }).waitFor();
  });
});
