// The emulator's memory across restarts: an append-only file with one JSON line for each change.
import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export interface Journal {
  append(change: unknown): void;
  close(): void;
}

const newline = 0x0a;

/**
 * Reads `path` from its beginning, hands every change to `apply`, and leaves the file open for more.
 * @throws Error with a plain sentence when a line in the middle cannot be read: guessing would invent charges.
 */
export function openJournal(path: string, apply: (change: unknown) => void): Journal {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'a+');
  let length: number;
  try {
    length = replay(path, apply);
    // What follows the last whole line was being written when the process was killed: it was never answered.
    ftruncateSync(file, length);
  } catch (error) {
    closeSync(file);
    throw error;
  }

  return {
    // A completed write() is enough to survive kill -9: the kernel has it. Only the machine's own crash loses it.
    append(change) {
      const line = Buffer.from(`${JSON.stringify(change)}\n`);
      try {
        for (let written = 0; written < line.length;) written += writeSync(file, line, written);
      } catch (error) {
        // Half a line now would spoil the next one.
        ftruncateSync(file, length);
        throw error;
      }
      length += line.length;
    },
    close() {
      closeSync(file);
    },
  };
}

function replay(path: string, apply: (change: unknown) => void): number {
  const content = readFileSync(path);
  let start = 0;
  for (let line = 1; ; line += 1) {
    const end = content.indexOf(newline, start);
    if (end === -1) return start;
    try {
      apply(JSON.parse(content.toString('utf8', start, end)));
    } catch (error) {
      throw new Error(`Line ${line} of ${path} is not readable: restore the file or delete it.`, {
        cause: error,
      });
    }
    start = end + 1;
  }
}
