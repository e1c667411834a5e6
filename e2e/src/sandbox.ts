import { plantAll } from './captured-logs.js';

interface PhoneMessage {
  id: string;
  from: string;
  to: string;
  text: string;
  status: string;
  deliveries: number;
  kind: string;
  media?: { mimetype: string; filename?: string };
  votes?: Record<string, string[]>;
  responses?: Record<string, { response: string }>;
  reactions?: Record<string, string>;
  edited?: number;
  revoked?: boolean;
}

/** The simulated phones, by the sandbox's control API. Phones are digits. */
export class Sandbox {
  constructor(private readonly url: string) {}

  async phones(): Promise<{ phone: string; name: string }[]> {
    const { phones } = await this.call<{ phones: { phone: string; name: string }[] }>(
      'GET',
      '/api/phones',
    );
    return phones;
  }

  async addPhone(phone: string, name: string): Promise<void> {
    await this.call('POST', '/api/phones', { phone, name });
  }

  /** Links whatever shows this QR. */
  async scan(phone: string, qr: string): Promise<void> {
    await this.call('POST', `/api/phones/${phone}/scan`, { qr });
  }

  /** A new group, made by the first participant. @returns its jid */
  async makeGroup(subject: string, participants: string[]): Promise<string> {
    return (await this.call<{ id: string }>('POST', '/api/groups', { subject, participants })).id;
  }

  /** Shows that the phone types to somebody. */
  async type(from: string, to: string, state = 'composing'): Promise<void> {
    await this.call('POST', `/api/phones/${from}/typing`, { to, state });
  }

  /** @returns the message's id */
  async write(from: string, to: string, text: string): Promise<string> {
    const { id } = await this.call<{ id: string }>('POST', `/api/phones/${from}/messages`, {
      to,
      text,
    });
    return id;
  }

  /** Says something of any kind; see the sandbox's README. @returns the message's id */
  async say(from: string, to: string, content: object): Promise<string> {
    const path = `/api/phones/${from}/messages`;
    return (await this.call<{ id: string }>('POST', path, { to, content })).id;
  }

  /** @param facts what the phone says of the file, see the sandbox's README */
  async sendFile(
    from: string,
    to: string,
    file: Buffer,
    facts: Record<string, string>,
  ): Promise<string> {
    const query = new URLSearchParams({ to, ...facts });
    const response = await fetch(`${this.url}/api/phones/${from}/media?${query}`, {
      method: 'POST',
      body: new Uint8Array(file),
      headers: { 'content-type': 'application/octet-stream' },
    });
    if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
    return ((await response.json()) as { id: string }).id;
  }

  /** What an admin changes of a group; see the sandbox's README. */
  async changeGroup(group: string, by: string, change: object): Promise<void> {
    await this.call('PATCH', `/api/groups/${encodeURIComponent(group)}`, { by, ...change });
  }

  async messages(phone: string): Promise<PhoneMessage[]> {
    const answer = await this.call<{ messages: PhoneMessage[] }>(
      'GET',
      `/api/phones/${phone}/messages`,
    );
    return answer.messages;
  }

  /** The phone opens a chat and reads what is in it. */
  async read(phone: string, chat: string): Promise<void> {
    await this.call('POST', `/api/phones/${phone}/read`, { chat });
  }

  /** Invented chats of years come to the linked devices; see the sandbox's README. */
  async handHistoryOver(phone: string, history: Record<string, number>): Promise<void> {
    await this.call('POST', `/api/phones/${phone}/history`, history);
  }

  async enterPairingCode(phone: string, code: string): Promise<void> {
    await this.call('POST', `/api/phones/${phone}/pair`, { code });
  }

  /** Removes every linked device, as a person does under "Linked devices". */
  async unlinkAll(phone: string): Promise<void> {
    const { devices } = await this.call<{ devices: { device: number }[] }>(
      'GET',
      `/api/phones/${phone}/devices`,
    );
    for (const { device } of devices) {
      await this.call('DELETE', `/api/phones/${phone}/devices/${device}`);
    }
  }

  private async call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    plantAll(body);
    const response = await fetch(this.url + path, {
      method,
      signal: AbortSignal.timeout(20_000),
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} → ${response.status} ${text}`);
    return JSON.parse(text) as Answer;
  }
}
