// Installs a program by the system's own package manager, where this user may use it.
import { runCommand } from '../command.mjs';
import { findOnPath } from './cache.mjs';

const INSTALL_DEADLINE_MS = 240_000;
const SYSTEM_FOLDERS = '/usr/bin:/usr/local/bin:/usr/sbin:/usr/local/sbin';

/** Package managers hold a lock: of two programs wanted at once, one waits for the other. @type {Promise<unknown>} */
let turn = Promise.resolve();

/**
 * @param {object} wanted
 * @param {string} wanted.program
 * @param {{ apt: string, dnf: string, apk: string }} wanted.packages what each manager calls it
 * @param {(line: string) => void} wanted.log
 * @param {AbortSignal | undefined} wanted.signal
 * @returns {Promise<string | undefined>} its absolute path; undefined where there is another way to try
 */
export function installBySystem(wanted) {
  const mine = turn.then(() => install(wanted));
  turn = mine.catch(() => undefined); // told to whoever asked for it
  return mine;
}

/** @type {typeof installBySystem} */
async function install({ program, packages, log, signal }) {
  if (process.getuid?.() !== 0) return undefined;
  const install = `apt-get install -y --no-install-recommends ${packages.apt}`;
  // For root, in the order tried: each manager's commands.
  const managers = [
    [install, 'apt-get update -q', install],
    [`dnf install -y ${packages.dnf}`],
    [`apk add ${packages.apk}`],
  ];
  for (const commands of managers) {
    const [manager = ''] = (commands[0] ?? '').split(' ');
    if ((await findOnPath(manager)) === undefined) continue;
    log(`${program}: installing by ${manager}`);
    for (const command of commands) {
      const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
      const [name = '', ...args] = command.split(' ');
      await runCommand(name, args, { deadlineMs: INSTALL_DEADLINE_MS, env, signal });
      const installed = await findOnPath(program, SYSTEM_FOLDERS);
      if (installed !== undefined) return installed;
    }
    log(`${program}: ${manager} could not install it`);
  }
  return undefined;
}
