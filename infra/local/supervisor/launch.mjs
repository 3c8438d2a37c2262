// Starts one part's process with its output in its log file, and tells once how it ended.
import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { errorMessage } from '../failure.mjs';
import { openLog } from './log-file.mjs';

/** @typedef {{ program: string, args: string[], cwd: string, env: Record<string, string> }} Command */
/** @typedef {{ pid: number | undefined, ended: Promise<string> }} Launched */

/**
 * @param {Command} command
 * @param {string} logFile
 * @returns {Launched} `ended` says how: a signal's name, `exit code 1`, or why it could not be started
 */
export function launch(command, logFile) {
  const log = openLog(logFile);
  // Its own process group: Ctrl-C in the terminal reaches the supervisor alone, which then stops the parts in order.
  const child = spawn(command.program, command.args, {
    cwd: command.cwd,
    env: command.env,
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  /** @type {Promise<string>} */
  const ended = new Promise((resolve) => {
    child.once('error', (error) => {
      // Also raised for a signal that could not be sent, which says nothing of the process.
      if (child.pid === undefined) resolve(errorMessage(error));
    });
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  return { pid: child.pid, ended };
}
