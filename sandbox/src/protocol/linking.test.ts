import '@patchbay/hardening';
import { WA_CERT_DETAILS } from 'baileys';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestWorld } from '../testing/test-world.js';
import { newKeyPair } from '../wire/curve.js';

const OWNER = '51999100001';

let world: TestWorld;

beforeEach(async () => {
  world = await new TestWorld().start();
  await world.phone(OWNER, 'Olivia');
});
afterEach(() => world.end());

describe('linking a bare Baileys client', () => {
  it('by QR: 515, then a login with LID, and the device is listed', async () => {
    const companion = await world.linked(OWNER);
    expect(companion.closes).toEqual([515]);
    const { me } = companion.socket.authState.creds;
    const account = world.sandbox.server.account(OWNER)!;
    expect(me?.lid).toBe(account.lid.replace('@', ':1@'));
    expect(world.sandbox.server.devices(OWNER)).toMatchObject([
      { device: 1, jid: me?.id, lid: me?.lid, connected: true, platform: 'CHROME' },
    ]);
    expect(world.sandbox.server.unknownIqs()).toEqual([]);
  });

  it('by pairing code', async () => {
    const companion = world.companion();
    await companion.until('a QR', () => companion.qr);
    const code = await companion.socket.requestPairingCode(OWNER);
    await world.api('POST', `/phones/${OWNER}/pair`, { code });
    await companion.until('the connection', () => companion.state === 'open');
    expect(companion.closes).toEqual([515]);
  });

  it('after a mistyped pairing code, with the right one', async () => {
    const companion = world.companion();
    await companion.until('a QR', () => companion.qr);
    const code = await companion.socket.requestPairingCode(OWNER);
    const wrong = code.startsWith('A') ? `B${code.slice(1)}` : `A${code.slice(1)}`;
    const mistyped = world.api('POST', `/phones/${OWNER}/pair`, { code: wrong });
    await expect(mistyped).rejects.toThrow(/40\d|422/);
    await world.api('POST', `/phones/${OWNER}/pair`, { code });
    await companion.until('the connection', () => companion.state === 'open');
  });

  it('gives each companion its own index, never one twice', async () => {
    const first = await world.linked(OWNER);
    const second = await world.linked(OWNER);
    expect([first.jid, second.jid]).toEqual([
      `${OWNER}:1@s.whatsapp.net`,
      `${OWNER}:2@s.whatsapp.net`,
    ]);
    world.sandbox.server.unlinkDevice(OWNER, 1);
    await first.until('the removal', () => first.state === 401);
    const third = await world.linked(OWNER);
    expect(third.jid).toBe(`${OWNER}:3@s.whatsapp.net`);
  });

  it('forgets a companion that logs out', async () => {
    const companion = await world.linked(OWNER);
    await companion.socket.logout();
    await companion.until('the end', () => companion.state === 401);
    await world.settle();
    expect(world.sandbox.server.devices(OWNER)).toEqual([]);
  });

  it('is refused by a client that trusts another root', async () => {
    const companion = world.companion();
    WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(newKeyPair().publicKey);
    await companion.until('the refusal', () => companion.closes.length > 0);
    expect(companion.closes[0]).toBe(400);
  });
});

describe('logging in', () => {
  it('comes back after a restart of the sandbox without a scan', async () => {
    const companion = await world.linked(OWNER);
    const root = world.sandbox.rootPublicKey;
    await world.restart();
    expect(world.sandbox.rootPublicKey).toBe(root);
    await companion.until('the new connection', () => companion.state === 'open');
  });

  it('a second login replaces the first, which gets 440', async () => {
    const first = await world.linked(OWNER);
    const { creds, keys } = first.socket.authState;
    const second = world.companion({ auth: { creds, keys } });
    await second.until('the second login', () => second.state === 'open');
    await first.until('the replacement', () => first.closes.includes(440));
  });

  it('refuses a device that it does not know with 401', async () => {
    const companion = await world.linked(OWNER);
    const { creds, keys } = companion.socket.authState;
    const stolen = { ...creds, me: { ...creds.me!, id: `${OWNER}:77@s.whatsapp.net` } };
    const stranger = world.companion({ auth: { creds: stolen, keys } });
    await stranger.until('the refusal', () => stranger.state === 401);
  });
});
