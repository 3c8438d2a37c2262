// What services are shipped with has no known hole that is high or worse, where the registry can be asked; `npm run audit` alone.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { root } from '../local/bootstrap/home.mjs';

const timeout = 30_000;

/** What npm prints, whatever its exit code: that tells whether there is something, not whether it could be asked. */
async function audit() {
  const options = { cwd: root, timeout, maxBuffer: 50_000_000 };
  const asked = promisify(execFile)('npm', ['audit', '--omit=dev', '--json', '--fetch-retries=0'], options);
  const { stdout } = await asked.catch((/** @type {{ stdout?: string }} */ error) => error);
  try {
    return JSON.parse(stdout ?? '');
  } catch {
    return {}; // it did not come to an end in time
  }
}

test('no dependency of production has a known hole that is high or critical', async (context) => {
  const { vulnerabilities, error, message } = await audit();
  if (!vulnerabilities)
    return context.skip(`the registry cannot be asked: ${message ?? error?.summary ?? 'no answer'}`);
  const grave = Object.values(vulnerabilities)
    .filter(({ severity }) => severity === 'high' || severity === 'critical')
    .map(({ name, severity, range }) => `${name} ${range}: ${severity}`);
  assert.deepEqual(grave, []);
});
