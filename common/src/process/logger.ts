// Logs: JSON lines, or readable ones in a terminal. Redaction stands here and nowhere else.
import { pino, type Logger } from 'pino';
import type pinoPretty from 'pino-pretty';

export type { Logger } from 'pino';

const secrets = ['password', 'token', 'jwt', 'authorization', 'cookie', 'set-cookie'];

/** @param level least level that is logged; `silent` for none */
export function createLogger(service: string, instance: string, level: string): Logger {
  const options = {
    level,
    base: { service, instance },
    redact: {
      paths: secrets.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
      censor: '[redacted]',
    },
  };
  if (!process.stdout.isTTY) return pino(options);
  // Loaded only where a person reads along; in this thread, which saves a worker's memory.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const pretty = require('pino-pretty') as typeof pinoPretty;
  return pino(options, pretty({ sync: true, ignore: 'pid,hostname,service,instance' }));
}
