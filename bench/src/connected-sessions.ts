interface StatusEvent {
  sessionId: string;
  data: { state: { status: string } };
}

/** Which sessions are connected, told by the server's own event stream as it happens. */
export class ConnectedSessions {
  /** Position of the last event read. */
  position: number;
  private readonly connected = new Set<string>();
  private readonly leaving = new AbortController();
  private onChange: (() => void)[] = [];
  private failure: unknown;

  /** @param after position in the event log from which on all counts; 0 is its beginning */
  constructor(url: string, headers: Record<string, string>, after: number) {
    this.position = after;
    this.read(`${url}/api/events/stream?after=${after}`, headers).catch((error) => {
      this.failure = error;
      this.changed();
    });
  }

  /** Resolves when so many are connected. */
  async count(wanted: number, withinMs = 120_000): Promise<void> {
    const timer = setTimeout(() => {
      this.failure = `${this.connected.size} of ${wanted} sessions are connected`;
      this.changed();
    }, withinMs);
    try {
      while (this.connected.size !== wanted) {
        if (this.failure) throw new Error(String(this.failure));
        await new Promise<void>((resolve) => this.onChange.push(resolve));
      }
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.leaving.abort();
  }

  private async read(url: string, headers: Record<string, string>): Promise<void> {
    const { signal } = this.leaving;
    const response = await fetch(url, { headers, signal });
    if (!response.ok || !response.body) throw new Error(`the stream answered ${response.status}`);
    let text = '';
    for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
      const blocks = (text + part).split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) this.take(block);
    }
  }

  private take(block: string): void {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
    const id = field('id');
    if (id !== undefined) this.position = Number(id);
    if (field('event') !== 'session.status') return;
    const { sessionId, data } = JSON.parse(field('data') ?? '{}') as StatusEvent;
    if (data.state.status === 'connected') this.connected.add(sessionId);
    else this.connected.delete(sessionId);
    this.changed();
  }

  private changed(): void {
    for (const next of this.onChange.splice(0)) next();
  }
}
