// Runs another program to its end, within a deadline, and keeps what it printed.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { errorCode } from './failure.mjs';

const KEPT_CHARACTERS = 200_000;

/**
 * @typedef {object} Outcome
 * @property {number} code the exit code
 * @property {boolean} isMissing there is no such program
 * @property {string} stdout
 * @property {string} output stdout and stderr together, as a person would have seen them
 */

/**
 * Never throws for a program that fails: the caller knows what its failure means.
 * @param {string} program
 * @param {string[]} args
 * @param {{ deadlineMs: number, cwd?: string, env?: NodeJS.ProcessEnv, signal?: AbortSignal | undefined }} options
 * @returns {Promise<Outcome>}
 */
export function runCommand(program, args, { deadlineMs, cwd, env = process.env, signal }) {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env, ...(cwd ? { cwd } : {}) });
    let stdout = '';
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout = (stdout + text).slice(-KEPT_CHARACTERS);
      output = (output + text).slice(-KEPT_CHARACTERS);
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-KEPT_CHARACTERS);
    });
    const end = () => child.kill('SIGKILL');
    const deadline = setTimeout(() => {
      output += `\nended after ${deadlineMs / 1000} s without finishing`;
      end();
    }, deadlineMs);
    signal?.addEventListener('abort', end, { once: true });
    /** @param {number} code @param {boolean} [isMissing] */
    const settle = (code, isMissing = false) => {
      clearTimeout(deadline);
      signal?.removeEventListener('abort', end);
      if (signal?.aborted) reject(/** @type {Error} */ (signal.reason));
      else resolve({ code, isMissing, stdout, output });
    };
    child.on('error', (error) => {
      output += error.message;
      settle(126, errorCode(error) === 'ENOENT');
    });
    child.on('close', (code, killedBy) => settle(code ?? 128 + (killedBy ? constants.signals[killedBy] : 0)));
  });
}

/**
 * The last lines of a text, for an error's detail.
 * @param {string} text
 * @param {number} count
 */
export function lastLines(text, count) {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
