import type { FastifyInstance } from 'fastify';
import type { MediaFacts } from '../phone/media-facts.js';
import type { PhoneMessage } from '../phone/message-log.js';
import { sendOldHistory } from '../phone/old-history.js';
import type { Phone } from '../phone/phone.js';
import type { Phones } from '../phone/phones.js';
import type { WebPages } from '../web-page/web-pages.js';
import { outgoingMessage } from './message-schema.js';
import { readQrImage } from './qr-image.js';
import * as schemas from './schemas.js';

interface PhoneParams {
  Params: { phone: string };
}

/** Files that phones send (bytes). */
const FILE_LIMIT = 110 * 1024 * 1024;

/** Types that the page shows in place; anything else is offered for saving. */
const SHOWN = /^(image\/(jpeg|png|gif|webp)|video\/(mp4|webm)|audio\/(ogg|mpeg|mp4|webm|wav))\b/;

/** What one can do with the simulated phones. */
export function phoneRoutes(app: FastifyInstance, phones: Phones, pages: WebPages): void {
  const phoneOf = ({ params }: { params: PhoneParams['Params'] }): Phone =>
    phones.get(schemas.phoneNumber.parse(params.phone));

  app.post('/api/phones', async (request, reply) => {
    const { phone, name } = schemas.newPhone.parse(request.body);
    const added = await phones.add(phone, name);
    return reply.status(added.created ? 201 : 200).send(describe(added.phone));
  });
  app.get('/api/phones', async () => ({ phones: phones.all().map(describe) }));
  app.get<PhoneParams>('/api/phones/:phone', async (request) => describe(phoneOf(request)));

  app.post<PhoneParams>('/api/phones/:phone/scan', async (request) => {
    const { qr, image } = schemas.scan.parse(request.body);
    return pages.scan(phoneOf(request), qr ?? readQrImage(image ?? ''));
  });
  app.post<PhoneParams>('/api/phones/:phone/pair', async (request) => {
    const { code } = schemas.pair.parse(request.body);
    return pages.pair(phoneOf(request), code);
  });
  app.get<PhoneParams>('/api/phones/:phone/devices', async (request) => ({
    devices: phoneOf(request).devices(),
  }));
  app.delete<{ Params: { phone: string; device: string } }>(
    '/api/phones/:phone/devices/:device',
    async (request) => {
      const device = schemas.deviceNumber.parse(request.params.device);
      phoneOf(request).unlink(device);
      return { device, unlinked: true };
    },
  );

  app.post<PhoneParams>('/api/phones/:phone/history', async (request, reply) => {
    const old = schemas.oldHistory.parse(request.body);
    const portions = await phoneOf(request).run((context) => sendOldHistory(context, old));
    return reply.status(201).send({ ...old, portions });
  });
  app.post<PhoneParams>('/api/phones/:phone/messages', async (request, reply) => {
    const { to, text, reaction, content, encoded } = outgoingMessage.parse(request.body);
    const phone = phoneOf(request);
    let message: PhoneMessage;
    if (reaction) message = await phone.sendReaction(to, reaction.messageId, reaction.emoji);
    else if (content) message = await phone.say(to, content);
    else if (encoded) message = await phone.sendEncoded(to, Buffer.from(encoded, 'base64'));
    else message = await phone.sendText(to, text ?? '');
    return reply.status(201).send({ id: message.id });
  });
  app.get<PhoneParams>('/api/phones/:phone/messages', async (request) => ({
    messages: phoneOf(request).messages(),
  }));
  app.post<PhoneParams>(
    '/api/phones/:phone/media',
    { bodyLimit: FILE_LIMIT },
    async (request, reply) => {
      const { to, ...facts } = schemas.outgoingMedia.parse(request.query);
      const file = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const message = await phoneOf(request).sendMedia(to, file, facts);
      return reply.status(201).send({ id: message.id });
    },
  );
  app.get<{ Params: { phone: string; id: string } }>(
    '/api/phones/:phone/messages/:id/media',
    async (request, reply) => {
      const { facts, file } = await phoneOf(request).file(request.params.id);
      return reply.headers(fileHeaders(facts)).send(file);
    },
  );
  app.post<PhoneParams>('/api/phones/:phone/read', async (request) => {
    const { chat, messageIds } = schemas.read.parse(request.body);
    return { read: await phoneOf(request).markRead(chat, messageIds) };
  });
  app.post<PhoneParams>('/api/phones/:phone/typing', async (request) => {
    const { to, state } = schemas.typing.parse(request.body);
    await phoneOf(request).sendTyping(to, state);
    return { to, state };
  });

  app.get<PhoneParams>('/api/phones/:phone/groups', async (request) => ({
    groups: await phoneOf(request).groups(),
  }));
  app.post('/api/groups', async (request, reply) => {
    const { subject, participants } = schemas.newGroup.parse(request.body);
    const [owner, ...members] = [...new Set(participants)].map((phone) => phones.get(phone));
    const group = await owner!.createGroup(
      subject,
      members.map((member) => member.account),
    );
    return reply.status(201).send(group);
  });
}

function fileHeaders({ mimetype, filename }: MediaFacts): Record<string, string> {
  const shown = SHOWN.test(mimetype);
  const name = encodeURIComponent(filename ?? 'file');
  return {
    'content-type': shown ? mimetype : 'application/octet-stream',
    'content-disposition': shown ? 'inline' : `attachment; filename*=UTF-8''${name}`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
  };
}

function describe(phone: Phone) {
  const { pn, lid, name } = phone.account;
  return { phone: phone.phone, name, pn, lid, online: phone.online, devices: phone.devices() };
}
