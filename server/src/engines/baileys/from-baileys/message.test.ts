import { describe, expect, it } from 'vitest';
import { proto, type WAMessage } from '../baileys.js';
import { decodeMessage, messageFromBaileys } from './message.js';

const me = { jid: '100@s.whatsapp.net', lid: '900@lid' };
const Status = proto.WebMessageInfo.Status;
const convert = (message: Partial<WAMessage>, aliases: Record<string, string> = {}) =>
  messageFromBaileys(
    { messageTimestamp: 1_700_000_000, message: { conversation: 'hi' }, ...message } as WAMessage,
    me,
    async (jid) => aliases[jid],
  );

describe('messages of rc14', () => {
  it('of a person under a LID', async () => {
    const message = await convert({
      key: { id: 'A', remoteJid: '5:2@lid', remoteJidAlt: '55@s.whatsapp.net', fromMe: false },
      pushName: 'Eva',
    });
    expect(message).toMatchObject({
      id: 'A',
      chatJid: '5@lid',
      chatAltJid: '55@s.whatsapp.net',
      fromMe: false,
      senderJid: '5@lid',
      senderAltJid: '55@s.whatsapp.net',
      pushName: 'Eva',
      timestamp: 1_700_000_000_000,
      content: { type: 'text', text: 'hi' },
    });
    expect(message?.status).toBeUndefined();
    expect(decodeMessage(message?.raw ?? new Uint8Array()).message?.conversation).toBe('hi');
  });

  it('in a group, with the alias looked up', async () => {
    const message = await convert(
      { key: { id: 'A', remoteJid: '1@g.us', participant: '5:1@lid', fromMe: false } },
      { '5@lid': '55@s.whatsapp.net' },
    );
    expect(message).toMatchObject({
      chatJid: '1@g.us',
      senderJid: '5@lid',
      senderAltJid: '55@s.whatsapp.net',
    });
    expect(message?.chatAltJid).toBeUndefined();
  });

  it('sent from the own phone, whose alternative jid names ourselves', async () => {
    const message = await convert(
      {
        key: { id: 'A', remoteJid: '5@lid', remoteJidAlt: '100@s.whatsapp.net', fromMe: true },
        status: Status.READ,
      },
      { '5@lid': '55@s.whatsapp.net' },
    );
    expect(message).toMatchObject({
      chatJid: '5@lid',
      chatAltJid: '55@s.whatsapp.net',
      senderJid: me.jid,
      senderAltJid: me.lid,
      status: 'read',
    });
  });

  it('to ourselves', async () => {
    const message = await convert({
      key: { id: 'A', remoteJid: '900@lid', remoteJidAlt: '100@s.whatsapp.net', fromMe: true },
    });
    expect(message).toMatchObject({ chatJid: '900@lid', chatAltJid: '100@s.whatsapp.net' });
  });

  it('of a broadcast list, and of status', async () => {
    const list = await convert({
      key: { id: 'A', remoteJid: '7@broadcast', participant: '55@s.whatsapp.net', fromMe: false },
    });
    expect(list).toMatchObject({ chatJid: '55@s.whatsapp.net', senderJid: '55@s.whatsapp.net' });
    const status = await convert({
      key: { id: 'A', remoteJid: 'status@broadcast', participant: '5@lid', fromMe: false },
    });
    expect(status).toMatchObject({ chatJid: 'status@broadcast', senderJid: '5@lid' });
  });

  it('without id, chat or anything to read', async () => {
    expect(await convert({ key: { remoteJid: '5@lid' } })).toBeUndefined();
    expect(await convert({ key: { id: 'A' } })).toBeUndefined();
    expect(await convert({ key: { id: 'A', remoteJid: '5@lid' }, message: {} })).toBeUndefined();
  });
});
