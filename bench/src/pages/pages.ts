import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { Child } from '../child.js';
import { addPhone } from '../house.js';
import type { PacedOrder, SandboxAddress } from '../sandbox-process.js';
import { ServerProcess } from '../server-process.js';
import { openBrowser, openTab, signedIn, type Tab } from './browser.js';
import { openPage, type PageOpening } from './opening.js';
import { firstPaint, MESSAGE, type Scrolling, scrollThrough } from './thread.js';
import { type Busy, writeUnderTraffic } from './traffic.js';

const SEED = fileURLToPath(new URL('../../../server/dist/testing/seed-inbox.js', import.meta.url));
/** Numbers that get the messages, beside the ones that only have old chats. */
const BUSY = [
  { id: 'busy-1', phone: '99911100001' },
  { id: 'busy-2', phone: '99911100002' },
];

export interface PagesPlan {
  chats: number;
  /** Messages of the long chat. */
  long: number;
  /** Messages that are scrolled through. */
  scrolled: number;
  busy: { chats: number; perSecond: number; seconds: number };
}

export interface PagesRun extends QuietRun {
  busy: Busy;
}

/** While nothing comes in. */
interface QuietRun {
  accounts: PageOpening;
  inbox: PageOpening;
  /** First paint of the long chat: pressed in the list, and opened by its address (ms). */
  paint: { pressed: number; opened: number };
  scrolling: Scrolling;
}

interface Seeded {
  longChat: { sessionId: string; chatId: string };
}

/** The pages as users have them: built for production, from a whole server with the sandbox. */
export class PagesHouse {
  private constructor(
    private readonly plan: PagesPlan,
    private readonly sandbox: Child,
    private readonly server: ServerProcess,
    private readonly browser: Browser,
    private readonly state: Awaited<ReturnType<typeof signedIn>>,
    private readonly longChat: string,
    private readonly folder: string,
  ) {}

  static async open(plan: PagesPlan): Promise<PagesHouse> {
    const folder = mkdtempSync(path.join(tmpdir(), 'patchbay-pages-'));
    const [storage, world] = [path.join(folder, 'server'), path.join(folder, 'sandbox')];
    mkdirSync(world);
    const args = ['--storage', storage, '--chats', `${plan.chats}`, '--long', `${plan.long}`];
    const { stdout } = await promisify(execFile)(process.execPath, [SEED, ...args]);
    const { longChat } = JSON.parse(stdout) as Seeded;
    const sandbox = new Child('the sandbox', new URL('../sandbox-process.js', import.meta.url), {
      args: [world],
    });
    await sandbox.ready;
    const address = await sandbox.ask<SandboxAddress>('address');
    const server = await ServerProcess.start({ storageRoot: storage, sandbox: address });
    for (const { id, phone } of BUSY) {
      await addPhone(address, phone);
      await server.link(id, phone);
    }
    await server.connected(BUSY.length);
    await sandbox.ask('settle');
    const browser = await openBrowser();
    const state = await signedIn(browser, server.signInLink);
    const key = `${longChat.sessionId}/${longChat.chatId}`;
    return new PagesHouse(plan, sandbox, server, browser, state, key, folder);
  }

  /** Each page once, in a tab of its own. */
  async quiet(): Promise<QuietRun> {
    const { plan } = this;
    const accounts = await this.inTab((tab) =>
      openPage(tab, this.address('/accounts'), 'main article'),
    );
    const inbox = await this.inTab((tab) => openPage(tab, this.address('/inbox'), '[data-chat]'));
    const long = this.address(`/inbox?chat=${encodeURIComponent(this.longChat)}`);
    const opened = await this.inTab((tab) => openPage(tab, long, MESSAGE));
    const [pressed, scrolling] = await this.inTab(async (tab) => {
      await openPage(tab, this.address('/inbox'), '[data-chat]');
      await tab.page.waitForLoadState('networkidle');
      const paint = await firstPaint(tab, this.longChat);
      return [paint, await scrollThrough(tab, plan.scrolled)] as const;
    });
    return { accounts, inbox, paint: { pressed, opened: opened.interactive }, scrolling };
  }

  /** Afterwards the chats that got messages stand above the others. */
  async busy(): Promise<Busy> {
    return await this.inTab((tab) => this.busyIn(tab));
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    await this.sandbox.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async busyIn(tab: Tab): Promise<Busy> {
    const { chats, perSecond, seconds } = this.plan.busy;
    const order: PacedOrder = {
      phones: BUSY.map(({ phone }) => phone),
      contacts: chats / BUSY.length,
      messages: 1,
      perSecond,
    };
    // So that the chats are there.
    await this.sandbox.ask('pace', order);
    await this.sandbox.ask('settle');
    const [first] = BUSY;
    const answer = await this.server.call('GET', `/api/chats?account=${first?.id}&limit=1`);
    const [chat] = (answer as { chats: { id: string }[] }).chats;
    const key = encodeURIComponent(`${first?.id}/${chat?.id}`);
    await openPage(tab, this.address(`/inbox?chat=${key}`), MESSAGE);
    const messages = Math.round((perSecond * seconds) / chats);
    return await writeUnderTraffic(tab, this.sandbox, { ...order, messages });
  }

  private address(page: string): string {
    return this.server.url + page;
  }

  private async inTab<Result>(work: (tab: Tab) => Promise<Result>): Promise<Result> {
    const tab = await openTab(this.browser, this.state);
    try {
      return await work(tab);
    } finally {
      await tab.close();
    }
  }
}
