import { beforeEach, describe, expect, it } from 'vitest';
import { compareConsumers } from './compare-consumers.js';
import { Deeds } from './deeds.js';
import type { Expected } from './expected.js';
import type { Cast, Lane } from './lanes.js';
import { emptyStored } from './stored.js';
import type { Truths } from './truths.js';

const BOT = '99910';
const FRIEND = '99920';
const said: Lane = { id: 'L1', author: FRIEND, via: 'phone', chat: 'source', members: [FRIEND] };
const asked: Lane = { ...said, id: 'L2', chat: BOT, members: [FRIEND, BOT] };
const cast: Cast = {
  sessions: new Map([[BOT, 's0']]),
  contacts: [FRIEND],
  lanes: [said, asked],
  consumers: {
    source: 'source',
    targets: [{ jid: 'target', members: [FRIEND] }],
    admin: FRIEND,
    bot: BOT,
    takenOver: asked,
  },
};

let expected: Expected[];
let truths: Truths;
let deeds: Deeds;

const message = (text: string, chat: string) => ({
  ...{ id: `id of ${text}`, text, chat, from: '', fromMe: false, kind: 'text' },
  status: 'delivered' as const,
});
const shown = () => truths.phones.get(FRIEND)!;
const found = () =>
  compareConsumers(cast, expected, truths, deeds).map(({ kind, where, what }) => [
    kind,
    where,
    what,
  ]);
const wanted = (lane: Lane, text: string) => {
  const id = `id of ${text}`;
  expected.push({ lane, text, id, shownId: id, at: 0, round: 1, outcome: 'accepted' });
};

/** One approved message, one that is not, one question, one that is for a person. */
beforeEach(() => {
  expected = [];
  deeds = new Deeds();
  deeds.stars.set('yes', true);
  deeds.toAPerson.add('private');
  for (const text of ['yes', 'no']) wanted(said, text);
  for (const text of ['question', 'private']) wanted(asked, text);
  const stored = emptyStored();
  for (const text of ['yes', 'no']) {
    const row = { group_jid: 'source', message_id: `id of ${text}`, text, tags: '["crash"]' };
    stored.knowledge.push({ ...row, deleted: 0, approved_at: text === 'yes' ? 1 : null });
  }
  stored.documents.push({ message_id: 'id of yes' });
  const row = { session_id: 's0', id: 'a', chat_id: 'c', type: 'text', status: 'sent' };
  stored.messages.push({ ...row, text: 'answer: question' });
  const data = JSON.stringify({ message: { id: 'a', chatId: 'c', content: 'answer: question' } });
  const event = { position: 1, session_id: 's0', sequence: 1, name: 'session.message' };
  stored.events.push({ ...event, data });
  const answer = message('answer: question', BOT);
  const page = { id: 'a', chatId: 'c', content: 'answer: question', fromMe: true, type: 'text' };
  truths = {
    phones: new Map([[FRIEND, [message('yes', 'target'), answer]]]),
    queues: [],
    sessions: new Map([['s0', [{ ...page, status: 'delivered' }]]]),
    stored,
    search: ['yes'],
    readers: [],
    calls: [],
    deaths: [],
  };
});

describe('the comparison of what programs did', () => {
  it('finds nothing when all was done once', () => {
    expect(found()).toEqual([]);
  });

  it('finds what was not passed on, passed on twice, or without a star', () => {
    shown().push(message('no', 'target'), message('yes', 'target'));
    expect(found()).toEqual([
      ['doubled', 'phone', 'yes'],
      ['unwanted', 'phone', 'no'],
    ]);
    truths.phones.set(FRIEND, [message('yes', 'source'), message('answer: question', BOT)]);
    expect(found()).toEqual([['lost', 'phone', 'yes']]);
  });

  it('finds questions without an answer, with two, and what was for a person', () => {
    shown().pop();
    expect(found()).toEqual([['lost', 'phone', 'answer to question']]);
    // Two questions together have one answer.
    wanted(asked, 'another');
    shown().push(message('answer: question, another', BOT));
    Object.assign(truths.sessions.get('s0')![0]!, { content: 'answer: question, another' });
    expect(found()).toEqual([
      ['lost', 'database', 'answer to another'],
      ['lost', 'log', 'answer to another'],
    ]);
    shown().push(message('answer: another, private', BOT));
    expect(found().slice(0, 2)).toEqual([
      ['unwanted', 'phone', 'answer to private'],
      ['doubled', 'phone', 'answer to another'],
    ]);
  });

  it('finds knowledge that is not what was said', () => {
    const [yes, no] = truths.stored.knowledge;
    Object.assign(yes!, { approved_at: null });
    Object.assign(no!, { tags: '[]' });
    expect(found()).toEqual([
      ['wrong knowledge', 'database', 'yes'],
      ['wrong knowledge', 'database', 'no'],
    ]);
    truths.stored.knowledge = [{ ...yes!, text: 'never said' }];
    expect(found().map(([, , what]) => what)).toEqual(['yes', 'no', 'never said']);
  });

  it('finds what the search misses, and what it finds after the star was taken back', () => {
    truths.search = [];
    truths.stored.documents = [];
    expect(found()).toEqual([
      ['wrong knowledge', 'database', 'yes'],
      ['wrong knowledge', 'API', 'yes'],
    ]);
    deeds.stars.set('yes', false);
    truths.search = ['yes'];
    Object.assign(truths.stored.knowledge[0]!, { approved_at: null });
    expect(found()).toEqual([['wrong knowledge', 'API', 'yes']]);
  });

  it('finds work that is not done', () => {
    const job = { name: 'forward', attempts: 2, due_at: 1, last_error: 'away' };
    truths.stored.jobs.push({ id: 7, ...job });
    truths.stored.givenUp.push({ id: '8', name: 'ingest', reason: 'unknown' });
    truths.stored.forwards.push({ message_id: 'f', target_jid: 'target', state: 'pending' });
    truths.stored.questions.push({ message_id: 'q', outcome: 'open' });
    expect(found()).toEqual([
      ['not acknowledged', 'jobs', 'forward 7'],
      ['not acknowledged', 'failed jobs', 'ingest 8'],
      ['not acknowledged', 'forwards', 'f'],
      ['not acknowledged', 'questions', 'q'],
    ]);
  });
});
