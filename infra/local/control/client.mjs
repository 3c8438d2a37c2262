// Calls the running supervisor, whose address and token stand in the home folder.
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { PlainFailure, errorCode } from '../failure.mjs';
import { controlFileOf } from '../supervisor/control-server.mjs';
import { isLocked } from '../supervisor/lock.mjs';

/** Longer than any deadline of the supervisor itself, whose own sentence is the better one. */
const DEADLINE_MS = 90_000;

/**
 * @param {string} runFolder
 * @param {'GET' | 'POST'} method
 * @param {string} path
 * @returns {Promise<any>} the parsed answer; a refusal is thrown as a PlainFailure
 */
export async function callControl(runFolder, method, path) {
  const address = readAddress(runFolder);
  const { status, body } = await send(address, method, path);
  const answer = JSON.parse(body);
  if (status === 200) return answer;
  throw new PlainFailure(answer.message, { exitCode: answer.exitCode ?? 1, detail: answer.detail ?? '' });
}

const nothingRuns = () => new PlainFailure('Nothing is running here: start it with npm start.');

/**
 * @param {string} runFolder
 * @returns {import('../supervisor/control-server.mjs').ControlAddress}
 */
function readAddress(runFolder) {
  // Without its supervisor an address is only left over, and its port may be anybody's by now.
  if (!isLocked(runFolder)) throw nothingRuns();
  try {
    return JSON.parse(readFileSync(controlFileOf(runFolder), 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT')
      throw new PlainFailure('It is still starting, or stopping: ask again soon.');
    throw error;
  }
}

/**
 * @param {import('../supervisor/control-server.mjs').ControlAddress} address
 * @param {string} method
 * @param {string} path
 * @returns {Promise<{ status: number, body: string }>}
 */
function send({ port, token }, method, path) {
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      method,
      path,
      headers: { authorization: `Bearer ${token}` },
      agent: false,
    };
    const req = request({ ...options, signal: AbortSignal.timeout(DEADLINE_MS) }, (res) => {
      let body = '';
      res.setEncoding('utf8');
      res.on('data', (text) => (body += text));
      res.on('error', reject);
      res.on('end', () => {
        resolve({ status: res.statusCode ?? 0, body });
      });
    });
    req.on('error', (error) => reject(errorCode(error) === 'ECONNREFUSED' ? nothingRuns() : error));
    req.end();
  });
}
