import {
  type Cast,
  contactPhone,
  type Lane,
  type LaneWithoutId,
  numbered,
  sessionPhone,
} from './lanes.js';
import type { SandboxProgram } from './sandbox-program.js';
import type { ServerApi } from './server-api.js';

const CONTACTS = 3;

/** A session in a browser and one on the wire, who write to each other, to contacts and in a group. */
export async function gatherBrowserCast(server: ServerApi, sandbox: SandboxProgram): Promise<Cast> {
  const [browser, wire] = [sessionPhone(0), sessionPhone(1)];
  const contacts = Array.from({ length: CONTACTS }, (_, index) => contactPhone(index));
  for (const phone of [browser, wire, ...contacts]) await sandbox.addPhone(phone);
  await server.link('browser', browser, 'wwebjs');
  await server.link('wire', wire);
  const [first, second, third] = contacts as [string, string, string];
  // A contact makes the group, whose phone is always there.
  const group = await sandbox.addGroup('Group', [first, second, browser, wire]);
  const direct = (author: string, via: Lane['via'], chat: string): LaneWithoutId => ({
    ...{ author, via, chat, members: [author, chat] },
  });
  const inGroup = (author: string, via: Lane['via']): LaneWithoutId => ({
    ...{ author, via, chat: group, members: [first, second, browser, wire] },
  });
  const lanes = [
    direct(browser, 'api', wire),
    direct(wire, 'api', browser),
    ...[browser, wire].flatMap((owner) => [
      direct(first, 'phone', owner),
      direct(owner, 'api', first),
      direct(second, 'phone', owner),
      direct(owner, 'api', second),
      // The owner writes on the phone itself.
      direct(owner, 'phone', third),
      inGroup(owner, 'api'),
    ]),
    inGroup(first, 'phone'),
    inGroup(second, 'phone'),
  ];
  const sessions = new Map([
    [browser, 'browser'],
    [wire, 'wire'],
  ]);
  return { sessions, contacts, lanes: numbered(lanes), browser };
}
