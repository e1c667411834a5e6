import type { FromPage, RequestName, Requests, ToPage } from './talk.js';

const AGAIN_MS = 300;

/** What the sandbox refused, with the name that whatsapp-web.js knows such errors by. */
class ServerStatusCodeError extends Error {
  override name = 'ServerStatusCodeError';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

interface Waiting {
  message: FromPage;
  resolve: (answer: unknown) => void;
  reject: (error: Error) => void;
}

/** The websocket to the sandbox, opened again whenever it breaks. */
class Line {
  onMessage: (message: ToPage) => void = () => undefined;
  onOpen: () => void = () => undefined;
  onClosed: () => void = () => undefined;
  private socket: WebSocket | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private n = 0;
  /** The other side knows who we are, and has what was said before the line broke. */
  private inStep = false;

  open(): void {
    const socket = new WebSocket(`wss://${location.host}/line`);
    this.socket = socket;
    socket.onopen = () => this.onOpen();
    socket.onmessage = ({ data }) => this.take(JSON.parse(data) as ToPage);
    socket.onclose = () => {
      this.inStep = false;
      this.dropAnswers();
      this.onClosed();
      setTimeout(() => this.open(), AGAIN_MS);
    };
  }

  say(message: FromPage): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  /** @throws ServerStatusCodeError when it is refused; an Error when the line broke meanwhile */
  request<Name extends RequestName>(
    name: Name,
    ask: Requests[Name]['ask'],
  ): Promise<Requests[Name]['answer']> {
    const n = ++this.n;
    const message: FromPage = { say: 'request', n, name, ask };
    return new Promise((resolve, reject) => {
      this.waiting.set(n, { message, resolve: resolve as Waiting['resolve'], reject });
      // A message does not overtake those that go out once more.
      if (name !== 'send' || this.inStep) this.say(message);
    });
  }

  /** After a break: messages whose fate is unknown go out once more, under the ids that they have. */
  sendAgain(): void {
    this.inStep = true;
    for (const { message } of this.waiting.values()) this.say(message);
  }

  private take(message: ToPage): void {
    if (message.say !== 'answer') {
      this.onMessage(message);
      return;
    }
    const { n, answer, error } = message;
    const waiting = this.waiting.get(n);
    this.waiting.delete(n);
    if (error) waiting?.reject(new ServerStatusCodeError(error.code, error.message));
    else waiting?.resolve(answer);
  }

  /** Only messages may be said twice: the sandbox knows them by their ids. */
  private dropAnswers(): void {
    for (const [n, { message, reject }] of this.waiting) {
      if (message.say === 'request' && message.name === 'send') continue;
      this.waiting.delete(n);
      reject(new Error('the connection broke'));
    }
  }
}

export const line = new Line();
