// One reader of a live stream: a browser's EventSource at the other end of an answer that does not end.
import type { Response } from 'express';
import { eventStream } from './observe';

/** What a reader has not taken yet; beyond that it is dropped, and may come back. */
const maxBufferedBytes = 64 * 1024;
const reconnectMs = 3000;

export class LiveReader {
  readonly openedAt = Date.now();

  constructor(
    private readonly response: Response,
    /** Who reads; only what is for them, or for everybody, is sent. */
    readonly person: string,
  ) {
    response.set({
      'Content-Type': eventStream,
      // Neither kept nor changed on the way: a proxy that compresses would gather.
      'Cache-Control': 'no-store, no-transform',
      // nginx would gather the answer before it sends any of it.
      'X-Accel-Buffering': 'no',
    });
    response.flushHeaders();
    response.write(`retry: ${reconnectMs}\n\n`);
  }

  /** @returns false when the reader was too slow, and is dropped */
  send(text: string | Buffer): boolean {
    if (this.response.writableLength > maxBufferedBytes) {
      this.response.destroy();
      return false;
    }
    this.response.write(text);
    return true;
  }

  end(): void {
    this.response.end();
  }
}
