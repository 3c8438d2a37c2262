// The process: the only reader of the environment and of signals.
import { ConfigError, readConfig } from './config';
import { startStripeEmulator } from './index';

const stopWithinMs = 5_000;

async function main(): Promise<void> {
  const log = (line: string): void => {
    console.log(`stripe-emulator ${line}`);
  };
  const emulator = await startStripeEmulator({ ...readConfig(process.env), log });
  log(`ready ${emulator.url}`);

  const stop = (): void => {
    setTimeout(() => process.exit(1), stopWithinMs).unref();
    emulator.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return 'The port is taken: stop what listens there, or set PORT to another one.';
  return `It could not start: ${message}`;
}

main().catch((error: unknown) => {
  console.error(`stripe-emulator: ${explain(error)}`);
  process.exitCode = 1;
});
