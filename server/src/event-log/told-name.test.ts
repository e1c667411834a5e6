import type { SessionState } from '@patchbay/contract';
import { describe, expect, it } from 'vitest';
import { toldName } from './told-name.js';

type Standing = Pick<SessionState, 'status' | 'reason'>;

const ALL = new Set([
  'whatsapp.qr',
  'whatsapp.authenticated',
  'whatsapp.ready',
  'whatsapp.auth_failure',
  'whatsapp.disconnected',
  'whatsapp.manual_disconnect',
  'whatsapp.manual_reconnect',
  'whatsapp.message_create',
  'whatsapp.message_sent',
]);

const told = (name: string, data: object, asked: ReadonlySet<string> | undefined = ALL) =>
  toldName({ name, data: JSON.stringify(data) }, asked);

describe('the second name of a change of status', () => {
  const at = (status: Standing['status'], reason: Standing['reason'] = 'none') => ({
    status,
    reason,
  });
  const NEW = at('closed', 'created');

  it.each<[string, Standing, Standing, string | undefined]>([
    ['created and started', NEW, at('starting', 'created'), undefined],
    ['a QR is shown', at('starting', 'created'), at('qr'), undefined],
    ['scanned', at('qr'), at('starting', 'paired'), 'whatsapp.authenticated'],
    ['open', at('starting', 'paired'), at('connected'), 'whatsapp.ready'],
    ['another name, or stable', at('connected'), at('connected'), undefined],
    [
      'a lost network',
      at('connected'),
      at('reconnecting', 'connection_lost'),
      'whatsapp.disconnected',
    ],
    ['tried again', at('reconnecting', 'connection_lost'), at('reconnecting', 'stuck'), undefined],
    ['back', at('reconnecting', 'connection_lost'), at('connected'), 'whatsapp.ready'],
    ['logged out', at('connected'), at('logged_out', 'device_removed'), 'whatsapp.disconnected'],
    [
      'asks for a scan after that',
      at('logged_out', 'device_removed'),
      at('qr', 'device_removed'),
      undefined,
    ],
    ['closed', at('connected'), at('closed', 'closed_by_user'), 'whatsapp.disconnected'],
    [
      'opened again',
      at('closed', 'closed_by_user'),
      at('starting', 'requested'),
      'whatsapp.manual_reconnect',
    ],
    ['restarted', at('connected'), at('starting', 'requested'), 'whatsapp.manual_reconnect'],
    [
      'somebody looks for a QR',
      at('starting', 'qr_expired'),
      at('starting', 'requested'),
      undefined,
    ],
    [
      'a foreign key',
      at('starting', 'restored'),
      at('failed', 'credentials_unreadable'),
      'whatsapp.auth_failure',
    ],
    [
      'linked twice',
      at('starting', 'paired'),
      at('failed', 'number_already_linked'),
      'whatsapp.auth_failure',
    ],
    [
      'used elsewhere',
      at('reconnecting', 'replaced'),
      at('failed', 'replaced'),
      'whatsapp.disconnected',
    ],
  ])('%s', (_what, previous, state, name) => {
    expect(told('session.status', { state, previous })).toBe(name);
  });

  it('events from before a change said what was there have none', () => {
    expect(told('session.status', { state: at('connected') })).toBeUndefined();
  });
});

describe('the second name of other events', () => {
  it.each<[string, object, string | undefined]>([
    ['session.qr', { kind: 'qr' }, 'whatsapp.qr'],
    ['session.qr', { kind: 'pairing-code' }, undefined],
    ['session.closed', {}, 'whatsapp.manual_disconnect'],
    ['session.message', { source: 'live' }, 'whatsapp.message_create'],
    ['session.message', { source: 'api' }, 'whatsapp.message_create'],
    ['session.message', { source: 'history' }, undefined],
    ['message.status', { status: 'sent', previous: 'queued' }, 'whatsapp.message_sent'],
    // The acknowledgement was lost, and the receipt came.
    ['message.status', { status: 'delivered', previous: 'sending' }, 'whatsapp.message_sent'],
    ['message.status', { status: 'delivered', previous: 'sent' }, undefined],
    ['message.status', { status: 'failed' }, undefined],
    ['chat.updated', {}, undefined],
  ])('%s %o is %s', (name, data, second) => {
    expect(told(name, data)).toBe(second);
  });

  it('is told only to who asks for it, and not for its own', () => {
    const sent = { status: 'sent', previous: 'queued' };
    expect(toldName({ name: 'message.status', data: '{}' }, undefined)).toBe('message.status');
    const both = new Set(['message.status', 'whatsapp.message_sent']);
    expect(told('message.status', sent, both)).toBe('message.status');
    expect(told('message.status', sent, new Set(['whatsapp.ready']))).toBeUndefined();
  });
});
