// For tests: parts that are tiny real processes, in a home folder of their own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../parts/ports.mjs';
import { isHttpReady } from '../servers/index.mjs';
import { Supervisor } from './supervisor.mjs';
import { recordProcess } from './leftovers.mjs';

/** Answers 200 at once and says when it is asked to end. */
export const healthy = `
  process.on('SIGTERM', () => { console.log('asked to end'); process.exit(0); });
  require('node:http').createServer((req, res) => res.end()).listen(process.env.PORT, '127.0.0.1');
`;

/** The same, but deaf to being asked. */
export const stubborn = `${healthy} process.removeAllListeners('SIGTERM'); process.on('SIGTERM', () => {});`;

/** @returns {{ folder: string, remove: () => void }} */
export function temporaryHome() {
  const folder = mkdtempSync(join(tmpdir(), 'ticketing-supervisor-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * @param {string} folder
 * @param {string} name
 * @param {string} script
 * @param {Partial<import('./part.mjs').PartDefinition>} [overrides]
 * @returns {Promise<import('./part.mjs').PartDefinition>}
 */
export async function stubPart(folder, name, script, overrides = {}) {
  const [port = 0] = await freePorts(1);
  const { replica = 1, of = 1 } = overrides;
  const env = { PATH: process.env['PATH'] ?? '', PORT: String(port), FOLDER: folder };
  const url = `http://127.0.0.1:${port}`;
  const logFile = join(folder, of > 1 ? `${name}-${replica}.log` : `${name}.log`);
  const command = { program: process.execPath, args: ['-e', script], cwd: folder, env };
  const isReady = () => isHttpReady(url);
  return { name, replica, of, port, url, logFile, command, isReady, needs: [], stopsIn: 1, ...overrides };
}

/**
 * @param {string} folder
 * @param {import('./part.mjs').PartDefinition[]} definitions
 * @param {import('./supervisor.mjs').ExternalPart[]} [externals]
 */
export function supervise(folder, definitions, externals = []) {
  /** @type {string[]} */
  const said = [];
  const supervisor = new Supervisor(definitions, {
    record: (name, pid) => recordProcess(folder, name, pid),
    say: (line) => said.push(line),
    externals,
  });
  return { supervisor, said };
}
