// The process around a service: signals, exit codes, and its commands.
import { ConfigError } from './config';
import type { Service } from './service';

const stopDeadlineSeconds = 25;

/**
 * Runs a service until SIGTERM or SIGINT, or one of its commands (`node dist/main.js set-aside list`).
 * A failed start is logged and exits with 1; a second signal or a stop that takes too long ends the process at once.
 */
export async function run(build: () => Service, args: string[]): Promise<void> {
  let service: Service;
  try {
    service = build();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`The service cannot start:\n${error.message}\n`);
    process.exitCode = 1;
    return;
  }
  const { logger } = service;
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'uncaught error');
    process.exit(1);
  });
  if (args.length > 0) {
    await runCommand(service, args);
    return;
  }
  const stopping = new AbortController();
  const stop = (signal: string): void => {
    if (stopping.signal.aborted) process.exit(1);
    stopping.abort();
    logger.info({ signal }, 'stopping');
    setTimeout(() => {
      logger.fatal('stopping took too long');
      process.exit(1);
    }, stopDeadlineSeconds * 1000).unref();
    void service.stop().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
  try {
    await service.start();
    logger.info('ready');
  } catch (error) {
    if (stopping.signal.aborted) return;
    logger.fatal({ err: error }, 'the service could not start');
    process.exit(1);
  }
}

async function runCommand(service: Service, [name = '', ...rest]: string[]): Promise<void> {
  const command = service.commands.get(name);
  if (!command) {
    const usages = [...service.commands.values()].map(({ usage }) => usage);
    process.stderr.write(
      `There is no command ${name}. ${usages.length > 0 ? `Try: ${usages.join(', ')}` : ''}\n`,
    );
    process.exitCode = 2;
    return;
  }
  try {
    await service.start(command.needs);
    process.stdout.write(`${await command.run(rest)}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  } finally {
    await service.stop();
  }
}
