import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually, TestWorld } from '../testing/test-world.js';
import type { Testimony } from './witness.js';

const OWNER = '51987654321';

describe('the witness', () => {
  let world: TestWorld;
  const heard = () =>
    readFileSync(world.witness, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Testimony);
  const by = (name: string) => ({ waWebSocketUrl: `${world.sandbox.wsUrl}?by=${name}` });

  beforeEach(async () => {
    world = await new TestWorld().start();
    await world.phone(OWNER, 'Owner');
  });
  afterEach(() => world.end());

  it('knows which client said what on which connection, and whom it replaced', async () => {
    const first = await world.linked(OWNER, by('first'));
    const { creds, keys } = first.socket.authState;
    const before = Date.now();
    const second = world.companion({ ...by('second'), auth: { creds, keys } });
    await second.until('the second login', () => second.state === 'open');
    await first.until('the replacement', () => first.closes.includes(440));
    await eventually('something from the second', () =>
      heard().some(({ what, by: who }) => what === 'stanza' && who === 'second'),
    );
    const logins = heard().filter(({ what }) => what === 'login');
    const [one, two] = [
      logins.find((l) => l.by === 'first'),
      logins.find((l) => l.by === 'second'),
    ];
    expect(one?.device).toBe(`${OWNER}:1`);
    expect(two?.device).toBe(`${OWNER}:1`);
    expect(two!.connection).toBeGreaterThan(one!.connection);
    expect(two!.at).toBeGreaterThanOrEqual(before);
    expect(two!.since).toBeLessThanOrEqual(two!.at);
    const ends = heard().filter(({ what, by: who }) => what === 'closed' && who === 'first');
    expect(ends.map(({ reason }) => reason)).toContain('replaced');
    const ofFirst = heard().filter(({ what, by: who }) => what === 'stanza' && who === 'first');
    expect(ofFirst.map(({ tag }) => tag)).toContain('iq');
    expect(ofFirst.every(({ connection }) => connection < two!.connection)).toBe(true);
  });
});
