// Repeats a task until stopped: for reconciliations, which look again and again for what was left behind.
import type { Logger } from './logger';
import type { Part } from './service';

/**
 * A task that runs every `everyMs`, never twice at once. A failure is logged and the pause doubles, up to
 * `maxPauseMs`; `wake()` runs the task at once, or once more when it is running.
 */
export class Repeat implements Part {
  private isStopping = false;
  private isWoken = false;
  private endPause: () => void = () => undefined;
  private loop: Promise<void> = Promise.resolve();

  constructor(
    readonly name: string,
    private readonly task: () => Promise<unknown>,
    private readonly options: { everyMs: number; maxPauseMs?: number; logger: Logger },
  ) {}

  start(): Promise<void> {
    this.loop = this.run();
    return Promise.resolve();
  }

  wake(): void {
    this.isWoken = true;
    this.endPause();
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    this.endPause();
    await this.loop;
  }

  private async run(): Promise<void> {
    const { everyMs, maxPauseMs = 30_000, logger } = this.options;
    let pauseMs = everyMs;
    while (!this.isStopping) {
      this.isWoken = false;
      try {
        await this.task();
        pauseMs = everyMs;
      } catch (error) {
        pauseMs = Math.min(pauseMs * 2, maxPauseMs);
        logger.warn(
          { err: error, task: this.name, pauseMs },
          'a repeated task failed and will be tried again',
        );
      }
      await this.pause(pauseMs);
    }
  }

  private pause(ms: number): Promise<void> {
    if (this.isStopping || this.isWoken) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
