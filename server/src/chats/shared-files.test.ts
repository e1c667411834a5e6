import type { SharedPage } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { sendFile } from '../testing/media-of.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';

describe.each(databases)('what was shared in a chat, on %s', (database) => {
  let sandbox: TestSandbox;
  let server: TestServer;
  let own: string;
  let other: string;

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, { database });
    own = await sandbox.phone('Own number');
    other = await sandbox.phone('Elena Rojas');
    await server.linked(sandbox, 'main', own);
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });

  const page = async (query: string) =>
    (await server.call<SharedPage>('GET', `/api/sessions/main/chats/${other}/shared?${query}`))
      .body;
  const ids = async (query: string) => (await page(query)).messages.map(({ id }) => id);
  const say = async (text: string) => {
    const id = await sandbox.write(other, { to: own, text });
    await server.message('main', id);
    return id;
  };
  const send = async (kind: 'image' | 'video' | 'document', mimetype: string) => {
    const id = await sendFile(sandbox, other, own, Buffer.from(`a ${kind}`), { kind, mimetype });
    await server.message('main', id);
    return id;
  };

  it('is found by its kind, newest first, page by page', async () => {
    await say('Nothing but words');
    const picture = await send('image', 'image/jpeg');
    const link = await say('See https://example.org/a, please');
    const video = await send('video', 'video/mp4');
    const list = await send('document', 'application/pdf');
    const last = await send('image', 'image/jpeg');
    expect(await ids('kind=media')).toEqual([last, video, picture]);
    expect(await ids('')).toEqual([last, video, picture]);
    expect(await ids('kind=documents')).toEqual([list]);
    expect(await ids('kind=links')).toEqual([link]);
    const first = await page('kind=media&limit=2');
    expect(first.messages.map(({ id }) => id)).toEqual([last, video]);
    const rest = await page(`kind=media&limit=2&after=${first.after}`);
    expect(rest.messages.map(({ id }) => id)).toEqual([picture]);
    expect(rest.after).toBeNull();
  });

  it('is gone when it was deleted for everyone', async () => {
    const [newest = ''] = await ids('kind=media');
    await sandbox.call('POST', `/api/phones/${other}/messages`, {
      to: own,
      content: { kind: 'revoke', target: newest },
    });
    await eventually('the picture is gone', async () =>
      (await ids('kind=media')).includes(newest) ? undefined : true,
    );
  });

  it('is refused of a kind that is none, and of a chat that is none', async () => {
    const path = '/api/sessions/main/chats';
    const { status } = await server.call('GET', `${path}/${other}/shared?kind=all`);
    expect(status).toBe(400);
    expect((await server.call('GET', `${path}/51900000000/shared`)).status).toBe(404);
  });
});
