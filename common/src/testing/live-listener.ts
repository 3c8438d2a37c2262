// A browser's EventSource, for tests: hears a stream of server-sent events, and may stop taking what it is sent.
import { get, type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';

export interface HeardMessage {
  event: string | undefined;
  id: string | undefined;
  data: Record<string, unknown>;
}

export class LiveListener {
  readonly heard: HeardMessage[] = [];
  /** All that came, as it came. */
  text = '';
  isEnded = false;

  private constructor(
    private readonly request: ClientRequest,
    readonly answer: IncomingMessage,
  ) {
    answer.setEncoding('utf8');
    answer.on('data', (chunk: string) => {
      this.take(chunk);
    });
    for (const end of ['end', 'close', 'error']) answer.on(end, () => (this.isEnded = true));
  }

  /** Resolves with the headers of the answer. */
  static open(url: string, headers: OutgoingHttpHeaders = {}): Promise<LiveListener> {
    return new Promise((resolve, reject) => {
      const request = get(url, { agent: false, headers }, (answer) => {
        resolve(new LiveListener(request, answer));
      });
      request.on('error', reject);
    });
  }

  get status(): number | undefined {
    return this.answer.statusCode;
  }

  /** The data of the messages of one kind. */
  of(event: string): Record<string, unknown>[] {
    return this.heard.filter((message) => message.event === event).map(({ data }) => data);
  }

  /** Takes nothing more until `resume`. */
  pause(): void {
    this.answer.pause();
  }

  resume(): void {
    this.answer.resume();
  }

  close(): void {
    this.request.destroy();
  }

  private take(chunk: string): void {
    const from = this.text.lastIndexOf('\n\n') + 2;
    this.text += chunk;
    const whole = this.text.slice(Math.max(0, from === 1 ? 0 : from), this.text.lastIndexOf('\n\n') + 2);
    for (const block of whole.split('\n\n')) {
      const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s) as [string, string]));
      const data = fields.get('data');
      if (data === undefined) continue;
      this.heard.push({
        event: fields.get('event'),
        id: fields.get('id'),
        data: JSON.parse(data) as Record<string, unknown>,
      });
    }
  }
}
