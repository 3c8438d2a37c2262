// Publishes in order with several messages on their way at once, and knows up to where all are confirmed.
import type { CloudEvent } from '../events';
import type { Bookmark } from './lease';

/** One run of the relay: after a failure it is thrown away, and the next begins at the last confirmed position. */
export class PublishWindow {
  /** The place of the last event before which, itself included, all are confirmed. */
  confirmed: Bookmark | undefined;
  /** Whether `confirmed` last moved without an event: the stream had nothing for us up to there. */
  isIdleMove = false;
  private readonly onTheWay: { token: Bookmark | undefined; isConfirmed: boolean }[] = [];
  private failure: Error | undefined;
  private wake: () => void = () => undefined;

  constructor(
    private readonly publish: (event: CloudEvent<unknown>) => Promise<void>,
    private readonly size: number,
  ) {}

  get isEmpty(): boolean {
    return this.onTheWay.length === 0;
  }

  /** Sends one more, waiting for room first. Throws when any earlier one was not confirmed. */
  async send(event: CloudEvent<unknown>, token?: Bookmark): Promise<void> {
    while (this.onTheWay.length >= this.size) await this.change();
    this.throwIfFailed();
    const entry = { token, isConfirmed: false };
    this.onTheWay.push(entry);
    this.publish(event).then(
      () => {
        entry.isConfirmed = true;
        this.isIdleMove = false;
        while (this.onTheWay[0]?.isConfirmed) this.confirmed = this.onTheWay.shift()?.token ?? this.confirmed;
        this.wake();
      },
      (error: unknown) => {
        this.failure ??= error instanceof Error ? error : new Error(String(error));
        this.wake();
      },
    );
  }

  /** With nothing on its way, takes the stream's own place: so a quiet service's bookmark does not grow old. */
  moveTo(token: Bookmark): void {
    this.isIdleMove = true;
    this.confirmed = token;
  }

  /** Waits until all are confirmed. Throws when one was not. */
  async flush(): Promise<void> {
    while (!this.isEmpty) await this.change();
    this.throwIfFailed();
  }

  throwIfFailed(): void {
    if (this.failure) throw this.failure;
  }

  private async change(): Promise<void> {
    this.throwIfFailed();
    await new Promise<void>((resolve) => (this.wake = resolve));
    this.throwIfFailed();
  }
}
