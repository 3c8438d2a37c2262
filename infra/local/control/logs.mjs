// `logs NAME`: read from the files, so that it also tells why a system that is gone did not start.
import { readdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { PlainFailure, errorCode } from '../failure.mjs';
import { tail } from '../supervisor/log-file.mjs';
import { selectParts } from '../supervisor/part-names.mjs';
import { pause } from '../wait.mjs';

const LINES = 40;
const FOLLOW_EVERY_MS = 250;

/**
 * @param {string} folder
 * @param {string} name `orders` or `orders/2`
 * @param {{ follow: boolean }} options following goes on until Ctrl-C
 */
export async function showLogs(folder, name, { follow }) {
  const logs = selectParts(name, findLogs(folder));
  const read = [];
  for (const { file } of logs) {
    const { text, end } = await tail(join(folder, file), LINES);
    if (logs.length > 1) process.stdout.write(`==> ${file} <==\n`);
    process.stdout.write(text === '' ? '' : `${text}\n`);
    read.push({ path: join(folder, file), end });
  }
  while (follow) {
    await pause(FOLLOW_EVERY_MS);
    for (const log of read) log.end = await writeFrom(log.path, log.end);
  }
}

/** @param {string} folder */
function findLogs(folder) {
  let files;
  try {
    files = readdirSync(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT')
      throw new PlainFailure('There are no logs here yet: start it with npm start.');
    throw error;
  }
  return files.sort().flatMap((file) => {
    const [, name, replica = '1'] = /^([a-z]+)(?:-(\d+))?\.log$/.exec(file) ?? [];
    return name === undefined ? [] : [{ file, name, replica: Number(replica) }];
  });
}

/**
 * @param {string} path
 * @param {number} from
 * @returns {Promise<number>} where it ends now
 */
async function writeFrom(path, from) {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const start = size < from ? 0 : from; // a new file in its place
    if (size === start) return size;
    const { buffer } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
    process.stdout.write(buffer);
    return size;
  } finally {
    await file.close();
  }
}
