import './index.js';
import type { SocketConfig } from 'baileys';
import { WebSocketClient } from 'baileys/lib/Socket/Client/websocket.js';
import { describe, expect, it } from 'vitest';
import { LISTENER_REJECTED } from './index.js';

const client = () => new WebSocketClient(new URL('ws://127.0.0.1:1'), {} as SocketConfig);

describe('listeners of the socket', () => {
  it('turn a broken frame into an error of the socket', async () => {
    const ws = client();
    ws.on('message', async () => {
      throw new Error('broken frame');
    });
    const error = new Promise((resolve) => ws.on('error', resolve));
    ws.emit('message', Buffer.of(1));
    expect(await error).toEqual(new Error('broken frame'));
  });

  it('tell of other rejections without closing anything', async () => {
    const ws = client();
    ws.on('CB:ib,,dirty', async () => {
      throw new Error('Connection Closed');
    });
    ws.on('error', () => expect.unreachable());
    const told = new Promise((resolve) =>
      ws.on(LISTENER_REJECTED, (...args: unknown[]) => resolve(args)),
    );
    ws.emit('CB:ib,,dirty', {});
    expect(await told).toEqual([new Error('Connection Closed'), 'CB:ib,,dirty']);
  });

  it('are found again by off(), and a late rejection is dropped', async () => {
    const ws = client();
    const late = async () => {
      throw new Error('too late');
    };
    ws.on('message', late);
    expect(ws.listeners('message')).toEqual([late]);
    ws.emit('message', Buffer.of(1));
    ws.off('message', late);
    expect(ws.listenerCount('message')).toBe(0);
    await new Promise((done) => setImmediate(done));
  });
});
