import '@patchbay/hardening';
import { downloadMediaMessage, type WAMessage } from 'baileys';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Call, Chat, GroupChat, GroupNotification, PollVote, Reaction } from 'whatsapp-web.js';
import whatsappWeb from 'whatsapp-web.js';
import type { Companion } from '../phone/test-companion.js';
import { eventually, TestWorld } from '../testing/test-world.js';
import { pageInTrouble } from './testing/page-in-trouble.js';
import { WebClient } from './testing/web-client.js';

const { Location, MessageMedia, Poll } = whatsappWeb;
/** Has the browser; Ben has a Baileys client, Cora only her phone. */
const ANA = '51999700001';
const BEN = '51999700002';
const CORA = '51999700003';
const NOBODY = '51999799999';
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

let world: TestWorld;
let web: WebClient;
let ben: Companion;
const toBen = `${BEN}@c.us`;
const toAna = `${ANA}@s.whatsapp.net`;

beforeAll(async () => {
  world = await new TestWorld().start();
  await world.phone(ANA, 'Ana');
  await world.phone(BEN, 'Ben');
  await world.phone(CORA, 'Cora');
  await world.send(CORA, ANA, 'before the page was there');
  ben = await world.linked(BEN, world.trusting());
  web = new WebClient(world.sandbox.server.info, world.dataDir);
});
afterAll(async () => {
  await web.end();
  await world.end();
});

/** What Ben's client got under this id. */
const atBen = (id: string): Promise<WAMessage> =>
  ben.until(`message ${id}`, () => ben.messages.find(({ key }) => key.id === id));

describe('a page', () => {
  it('is linked by its QR, and is a device of the phone', async () => {
    await web.client.initialize();
    const qr = await web.until<string>('qr');
    const linked = await world.api('POST', `/phones/${ANA}/scan`, { qr });
    expect(linked).toMatchObject({ device: 100, os: 'A test', connected: true });
    await web.until('ready');
    expect(web.client.info).toMatchObject({ pushname: 'Ana', wid: { _serialized: `${ANA}@c.us` } });
    expect(web.all('message')).toEqual([]);
    const chats = await web.client.getChats();
    expect(chats.map(({ name, lastMessage }) => [name, lastMessage?.body])).toEqual([
      ['Cora', 'before the page was there'],
    ]);
  });

  it('sends text under the id that it chose, and hears how far it came', async () => {
    const sent = await web.client.sendMessage(toBen, 'hello', { waitUntilMsgSent: true });
    expect(sent.ack).toBeGreaterThanOrEqual(1);
    expect(await atBen(sent.id.id)).toMatchObject({ message: { conversation: 'hello' } });
    const shown = (await world.messages(ANA)).filter(({ id }) => id === sent.id.id);
    expect(shown).toMatchObject([{ text: 'hello', fromMe: true, deliveries: 1 }]);
    await world.api('POST', `/phones/${BEN}/read`, { chat: ANA });
    await eventually('the acks', () => ackOf(sent.id._serialized).includes(3));
    expect(ackOf(sent.id._serialized)).toEqual([1, 2, 3]);
  });

  it('shows what comes once, and what other devices of the account send', async () => {
    const id = await world.send(CORA, ANA, 'good morning');
    const got = await web.until('message', ({ body }) => body === 'good morning');
    expect(got).toMatchObject({ from: `${CORA}@c.us`, to: `${ANA}@c.us`, fromMe: false });
    expect(got.id).toMatchObject({ id, _serialized: `false_${CORA}@c.us_${id}` });
    await world.send(ANA, CORA, 'from the phone');
    await web.until('message_create', ({ body, fromMe }) => fromMe && body === 'from the phone');
    await web.until<Chat>('unread_count', ({ unreadCount }) => unreadCount === 2);
    await web.client.sendSeen(`${CORA}@c.us`);
    await eventually('the reading', async () =>
      (await world.messages(CORA)).some((each) => each.id === id && each.status === 'read'),
    );
    expect(web.all('message').filter((each) => each.id.id === id)).toHaveLength(1);
  });

  it('answers, reacts, edits and deletes, and understands when others do', async () => {
    const { key } = (await ben.socket.sendMessage(toAna, { text: 'a question' }))!;
    const question = await web.until('message', ({ body }) => body === 'a question');
    const answer = await question.reply('an answer');
    const { extendedTextMessage } = (await atBen(answer.id.id)).message!;
    expect(extendedTextMessage).toMatchObject({
      text: 'an answer',
      contextInfo: { stanzaId: key.id },
    });
    await question.react('👍');
    await ben.until('the reaction', () =>
      ben.reactions.find(({ reaction }) => reaction.text === '👍'),
    );
    await answer.edit('a better answer');
    await answer.delete(true);
    await world.settle();
    const atPhone = (await world.messages(BEN)).find(({ id }) => id === answer.id.id);
    expect(atPhone).toMatchObject({ edited: 1, revoked: true });

    const mine = await web.client.sendMessage(toBen, 'mine');
    await atBen(mine.id.id);
    const quoted: WAMessage = await atBen(mine.id.id);
    await ben.socket.sendMessage(toAna, { text: 'back' }, { quoted });
    const back = await web.until('message', ({ body }) => body === 'back');
    expect((await back.getQuotedMessage()).id._serialized).toBe(mine.id._serialized);
    await ben.socket.sendMessage(toAna, { react: { text: '🎉', key: quoted.key } });
    const reaction = await web.until<Reaction>(
      'message_reaction',
      (each) => each.reaction === '🎉',
    );
    const [seen] = await (await web.client.getMessageById(mine.id._serialized)).getReactions();
    expect(seen).toMatchObject({ id: '🎉', hasReactionByMe: false });
    expect(reaction).toMatchObject({
      senderId: toBen,
      msgId: { _serialized: mine.id._serialized },
    });
    await ben.socket.sendMessage(toAna, { edit: key, text: 'a changed question' });
    await web.until('message_edit', ({ body }) => body === 'a changed question');
    await ben.socket.sendMessage(toAna, { delete: key });
    await web.until('message_revoke_everyone', ({ id }) => id.id === key.id);
  });

  it('sends files of every kind, and gets them', async () => {
    const media = (mimetype: string, data = Buffer.from(mimetype).toString('base64')) =>
      new MessageMedia(mimetype, data, 'a file.bin');
    const kinds = [
      ['imageMessage', media('image/png', PIXEL), { caption: 'look' }],
      ['videoMessage', media('video/mp4'), {}],
      ['audioMessage', media('audio/ogg; codecs=opus'), { sendAudioAsVoice: true }],
      ['documentMessage', media('application/pdf'), {}],
      ['stickerMessage', media('image/webp', PIXEL), { sendMediaAsSticker: true }],
    ] as const;
    for (const [field, file, options] of kinds) {
      const sent = await web.client.sendMessage(toBen, file, options);
      const got = await atBen(sent.id.id);
      expect(Object.keys(got.message ?? {})).toContain(field);
      const { options: fetching } = world.trusting();
      const content = await downloadMediaMessage(got, 'buffer', { options: fetching });
      expect(content.toString('base64')).toBe(file.data);
      if (field === 'imageMessage') {
        expect(got.message?.imageMessage).toMatchObject({ caption: 'look', width: 1, height: 1 });
      }
      if (field === 'audioMessage') {
        expect(got.message?.audioMessage?.ptt).toBe(true);
        await ben.socket.sendReceipt(toAna, undefined, [sent.id.id], 'played');
        await eventually('the ear', () => ackOf(sent.id._serialized).includes(4));
      }
    }
    const image = Buffer.from(PIXEL, 'base64');
    const types = {
      image: await ben.socket.sendMessage(toAna, { image, caption: 'see', jpegThumbnail: '' }),
      video: await ben.socket.sendMessage(toAna, { video: image, jpegThumbnail: '' }),
      ptt: await ben.socket.sendMessage(toAna, {
        audio: image,
        ptt: true,
        seconds: 3,
      }),
      document: await ben.socket.sendMessage(toAna, {
        document: image,
        mimetype: 'application/pdf',
        fileName: 'bill.pdf',
      }),
      sticker: await ben.socket.sendMessage(toAna, { sticker: image }),
    };
    for (const [type, sent] of Object.entries(types)) {
      const got = await web.until('message', ({ id }) => id.id === sent?.key.id);
      expect([got.type, got.hasMedia]).toEqual([type, true]);
      const downloaded = await got.downloadMedia();
      expect(downloaded.data).toBe(PIXEL);
      if (type === 'document') expect(downloaded.filename).toBe('bill.pdf');
    }
  });

  it('sends places, cards and polls, and gets them', async () => {
    const at = await web.client.sendMessage(toBen, new Location(-12.04, -77.03, { name: 'Lima' }));
    expect((await atBen(at.id.id)).message?.locationMessage).toMatchObject({
      degreesLatitude: -12.04,
      name: 'Lima',
    });
    const cora = await web.client.getContactById(`${CORA}@c.us`);
    const card = await web.client.sendMessage(toBen, cora);
    expect((await atBen(card.id.id)).message?.contactMessage).toMatchObject({
      displayName: 'Cora',
    });
    const vcard = 'BEGIN:VCARD\nVERSION:3.0\nFN:Cora\nEND:VCARD';
    const location = { degreesLatitude: 1.5, degreesLongitude: 2.5, name: 'Here' };
    await ben.socket.sendMessage(toAna, { location });
    await ben.socket.sendMessage(toAna, { contacts: { contacts: [{ displayName: 'C', vcard }] } });
    await ben.socket.sendMessage(toAna, { poll: { name: 'When?', values: ['now', 'later'] } });
    const place = await web.until('message', ({ type }) => type === 'location');
    expect(place.location).toMatchObject({ latitude: 1.5, longitude: 2.5, name: 'Here' });
    expect((await web.until('message', ({ type }) => type === 'vcard')).vCards).toEqual([vcard]);
    expect(await web.until('message', ({ type }) => type === 'poll_creation')).toMatchObject({
      pollName: 'When?',
    });
  });

  it('asks what others vote, pins, passes on and is called', async () => {
    const asked = await web.client.sendMessage(toBen, new Poll('Tea?', ['yes', 'no']));
    await atBen(asked.id.id);
    const content = { kind: 'poll_vote', target: asked.id.id, options: ['no'] };
    await world.api('POST', `/phones/${BEN}/messages`, { to: ANA, content });
    const vote = await web.until<PollVote>('vote_update');
    expect(vote.voter).toMatchObject({ _serialized: toBen });
    expect(vote.selectedOptions).toMatchObject([{ name: 'no' }]);
    await asked.pin(60);
    await eventually('the pin', async () =>
      (await world.messages(BEN)).some(({ id, pinned }) => id === asked.id.id && pinned === true),
    );
    const heard = await web.until('message', ({ body }) => body === 'good morning');
    await heard.forward(toBen);
    await ben.until('what was passed on', () => ben.withText('good morning'));
    await world.api('POST', `/phones/${CORA}/calls`, { to: ANA, video: true });
    expect(await web.until<Call>('call')).toMatchObject({ isVideo: true });
  });

  it('makes a group, writes in it and hears what is done to it', async () => {
    expect(await web.client.getNumberId(NOBODY)).toBeNull();
    const made = await web.client.createGroup('Market', [toBen, `${NOBODY}@c.us`]);
    if (typeof made === 'string') throw new Error(made);
    const { participants } = made as unknown as { participants: Record<string, unknown> };
    expect(participants).toMatchObject({
      [toBen]: { statusCode: 200 },
      [`${NOBODY}@c.us`]: { statusCode: 404 },
    });
    const { gid } = made as unknown as { gid: { _serialized: string } };
    const group = gid._serialized;
    const sent = await web.client.sendMessage(group, 'hello all', { waitUntilMsgSent: true });
    await atBen(sent.id.id);
    await ben.socket.sendMessage(group, { text: 'hello Ana' });
    const got = await web.until('message', ({ body }) => body === 'hello Ana');
    expect(got).toMatchObject({ from: group, author: toBen });
    const chat = (await web.client.getChatById(group)) as GroupChat;
    expect(await chat.setSubject('Fair')).toBe(true);
    await web.until<GroupNotification>('group_update', ({ body }) => body === 'Fair');
    await chat.addParticipants([`${CORA}@c.us`]);
    await web.until<GroupNotification>('group_join', ({ recipientIds }) =>
      recipientIds.includes(`${CORA}@c.us`),
    );
    await world.api('POST', `/groups/${group}/members`, {
      by: ANA,
      action: 'remove',
      phones: [CORA],
    });
    await web.until<GroupNotification>('group_leave', ({ author }) => author === `${ANA}@c.us`);
    const members = ((await web.client.getChatById(group)) as GroupChat).participants;
    expect(members.map(({ id, isSuperAdmin }) => [id._serialized, isSuperAdmin])).toEqual([
      [`${ANA}@c.us`, true],
      [toBen, false],
    ]);
  });

  it('tells of typing, and finds pictures', async () => {
    const typed = ben.presences.length;
    await ben.socket.presenceSubscribe(toAna);
    await web.client.sendPresenceAvailable();
    await (await web.client.getChatById(toBen)).sendStateTyping();
    await ben.until('the typing', () =>
      ben.presences
        .slice(typed)
        .some(({ presences }) =>
          Object.values(presences).some(
            ({ lastKnownPresence }) => lastKnownPresence === 'composing',
          ),
        ),
    );
    expect(await web.client.getProfilePicUrl(toBen)).toBeUndefined();
    await world.api('PATCH', `/phones/${BEN}/profile`, { picture: PIXEL });
    const { host } = world.sandbox.server.info.media;
    expect(await web.client.getProfilePicUrl(toBen)).toContain(`https://${host}/v/`);
    const picture = new MessageMedia('image/png', PIXEL);
    expect(await web.client.setProfilePicture(picture)).toBe(true);
    expect(await ben.socket.profilePictureUrl(toAna)).toContain(`https://${host}/v/`);
  });
});

function ackOf(id: string): number[] {
  const told = web.all<{ id: { _serialized: string }; ack: number }>('message_ack');
  return told.filter((each) => each.id._serialized === id).map(({ ack }) => ack);
}

describe('a page in trouble', () => pageInTrouble(() => ({ world, web, ben, ANA, BEN, CORA })));
