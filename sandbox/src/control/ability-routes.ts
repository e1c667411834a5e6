import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { setAvailable, watchPresence } from '../phone/actions.js';
import { calls, endCall, startCall } from '../phone/calls.js';
import { changeChatSettings, chatSettings, modificationsFor } from '../phone/chat-settings.js';
import type { Phone } from '../phone/phone.js';
import type { Phones } from '../phone/phones.js';
import {
  answerJoinRequests,
  changeGroup,
  changeMembers,
  inviteCode,
  joinGroup,
  setAbout,
  setPicture,
} from '../phone/profile.js';
import { groupJid, phoneNumber } from './schemas.js';

interface PhoneParams {
  Params: { phone: string };
}
interface GroupParams {
  Params: { group: string };
}

const settingsChange = z.object({
  chat: z.union([groupJid, phoneNumber]),
  archived: z.boolean().optional(),
  pinned: z.boolean().optional(),
  /** Milliseconds since 1970, -1 = for ever, 0 = not. */
  mutedUntil: z.number().int().optional(),
  unread: z.boolean().optional(),
  deleted: z.literal(true).optional(),
  label: z.object({ id: z.string(), on: z.boolean() }).optional(),
});
const label = z.object({
  id: z.string().min(1),
  name: z.string(),
  color: z.number().int().default(0),
  deleted: z.boolean().default(false),
});
const profile = z.object({
  about: z.string().max(139).optional(),
  /** A JPEG in base64; null takes the picture away. */
  picture: z.base64().nullable().optional(),
  available: z.boolean().optional(),
});
const groupChange = z.object({
  by: phoneNumber,
  subject: z.string().min(1).max(100).optional(),
  description: z.string().max(2048).optional(),
  announcement: z.boolean().optional(),
  locked: z.boolean().optional(),
  joinApproval: z.boolean().optional(),
  ephemeral: z.number().int().min(0).optional(),
  picture: z.base64().nullable().optional(),
});
const membersChange = z.object({
  by: phoneNumber,
  action: z.enum(['add', 'remove', 'promote', 'demote']),
  phones: z.array(phoneNumber).min(1),
});
const joinAnswer = membersChange.extend({ action: z.enum(['approve', 'reject']) });
const newCall = z.object({ to: phoneNumber, video: z.boolean().default(false) });

/** What phones do beside writing: calls, chat settings, profiles, groups, watching others. */
export function abilityRoutes(app: FastifyInstance, phones: Phones): void {
  const phoneOf = ({ params }: { params: PhoneParams['Params'] }): Phone =>
    phones.get(phoneNumber.parse(params.phone));
  profileRoutes(app, phoneOf);
  groupRoutes(app, phones);
  joinRoutes(app, phones);

  app.get<PhoneParams>('/api/phones/:phone/calls', async (request) => ({
    calls: await phoneOf(request).run(async (context) => calls(context)),
  }));
  app.post<PhoneParams>('/api/phones/:phone/calls', async (request, reply) => {
    const { to, video } = newCall.parse(request.body);
    const call = await phoneOf(request).run(async (context) => startCall(context, to, video));
    return reply.status(201).send(call);
  });
  app.delete<{ Params: { phone: string; call: string } }>(
    '/api/phones/:phone/calls/:call',
    async (request) =>
      phoneOf(request).run(async (context) => endCall(context, request.params.call)),
  );

  app.get<PhoneParams>('/api/phones/:phone/settings', async (request) =>
    phoneOf(request).run(async (context) => chatSettings(context)),
  );
  app.patch<PhoneParams>('/api/phones/:phone/settings', async (request) => {
    const { chat, ...asked } = settingsChange.parse(request.body);
    const phone = phoneOf(request);
    for (const change of modificationsFor(asked)) {
      await phone.run((context) => changeChatSettings(context, chat, change));
    }
    return phone.run(async (context) => chatSettings(context));
  });
  app.put<PhoneParams>('/api/phones/:phone/labels', async (request) => {
    const addLabel = label.parse(request.body);
    return phoneOf(request).run((context) => changeChatSettings(context, '', { addLabel }));
  });
}

function profileRoutes(
  app: FastifyInstance,
  phoneOf: (request: { params: PhoneParams['Params'] }) => Phone,
): void {
  app.patch<PhoneParams>('/api/phones/:phone/profile', async (request) => {
    const { about, picture, available } = profile.parse(request.body);
    await phoneOf(request).run(async (context) => {
      if (about !== undefined) await setAbout(context, about);
      if (picture !== undefined) await setPicture(context, bytesOf(picture));
      if (available !== undefined) setAvailable(context, available);
    });
    return { about, available };
  });
  app.post<PhoneParams>('/api/phones/:phone/watch', async (request) => {
    const { phone } = z.object({ phone: phoneNumber }).parse(request.body);
    await phoneOf(request).run(async (context) => watchPresence(context, phone));
    return { phone };
  });
}

function groupRoutes(app: FastifyInstance, phones: Phones): void {
  app.patch<GroupParams>('/api/groups/:group', async (request) => {
    const { by, picture, ...change } = groupChange.parse(request.body);
    const group = groupJid.parse(request.params.group);
    await phones.get(by).run(async (context) => {
      await changeGroup(context, group, change);
      if (picture !== undefined) await setPicture(context, bytesOf(picture), group);
    });
    return { id: group };
  });
  app.post<GroupParams>('/api/groups/:group/members', async (request) => {
    const { by, action, phones: members } = membersChange.parse(request.body);
    const group = groupJid.parse(request.params.group);
    await phones.get(by).run((context) => changeMembers(context, group, action, members));
    return { id: group, action, phones: members };
  });
}

function joinRoutes(app: FastifyInstance, phones: Phones): void {
  app.post<PhoneParams>('/api/phones/:phone/join', async (request) => {
    const { code } = z.object({ code: z.string().min(1) }).parse(request.body);
    const phone = phones.get(phoneNumber.parse(request.params.phone));
    await phone.run((context) => joinGroup(context, code));
    return { code };
  });
  app.get<GroupParams>('/api/groups/:group/invite', async (request) => {
    const { by } = z.object({ by: phoneNumber }).parse(request.query);
    const group = groupJid.parse(request.params.group);
    return { code: await phones.get(by).run((context) => inviteCode(context, group)) };
  });
  app.post<GroupParams>('/api/groups/:group/join-requests', async (request) => {
    const { by, action, phones: people } = joinAnswer.parse(request.body);
    const group = groupJid.parse(request.params.group);
    await phones.get(by).run((context) => answerJoinRequests(context, group, action, people));
    return { id: group, action, phones: people };
  });
}

function bytesOf(base64: string | null): Buffer | undefined {
  return base64 === null ? undefined : Buffer.from(base64, 'base64');
}
