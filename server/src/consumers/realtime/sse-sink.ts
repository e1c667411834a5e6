import type { ServerResponse } from 'node:http';
import type { EndCause } from './sink.js';
import { Sink } from './sink.js';

/** A reader of Server-Sent Events. When it is ended it comes again by itself, with Last-Event-ID. */
export class SseSink extends Sink {
  constructor(private readonly response: ServerResponse) {
    super();
    response.on('close', () => this.gone());
    response.on('error', () => response.destroy());
  }

  override get closed(): boolean {
    return this.response.destroyed || this.response.writableEnded;
  }

  override end(cause: EndCause): void {
    // What a reader does not take cannot be flushed either.
    if (cause === 'too-slow') this.response.destroy();
    else this.response.end();
  }

  protected override write(text: string, done: () => void): void {
    this.response.write(text, done);
  }
}
