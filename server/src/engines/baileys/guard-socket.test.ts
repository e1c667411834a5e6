import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { eventually } from '../../testing/eventually.js';
import type { WASocket } from './baileys.js';
import { guardSocket } from './guard-socket.js';

describe('a socket whose session may be another’s', () => {
  let server: WebSocketServer;
  let socket: WebSocket;
  const received: string[] = [];

  beforeEach(async () => {
    received.length = 0;
    server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    server.on('connection', (peer) => peer.on('message', (data) => received.push(String(data))));
    socket = new WebSocket(`ws://127.0.0.1:${(server.address() as { port: number }).port}`);
    await once(socket, 'open');
  });
  afterEach(() => {
    socket.terminate();
    server.close();
  });

  it('lets frames through as long as it is ours, and is cut with the first after that', async () => {
    let ours = true;
    guardSocket({ ws: { socket } } as unknown as WASocket, () => ours);
    await new Promise((resolve) => socket.send('while it is ours', resolve));
    await eventually('it is there', () => received[0]);
    ours = false;
    const closed = once(socket, 'close');
    const error = await new Promise((resolve) => socket.send('too late', resolve));
    expect(error).toBeInstanceOf(Error);
    await closed;
    expect(received).toEqual(['while it is ours']);
  });
});
