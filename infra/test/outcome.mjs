// What a suite has to say for itself, in numbers. A suite that ran nothing, or fell over, has failed.

/** @typedef {{ passed: number, failed: number, why?: string }} Counts `why`, where it is not for tests that failed */

/**
 * @param {import('./suites.mjs').Suite['kind']} kind
 * @param {number} code the exit code
 * @param {string | undefined} report jest's JSON or node's TAP; undefined where none was written
 * @returns {Counts}
 */
export function countOutcome(kind, code, report) {
  if (kind === 'check') return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
  const counts = kind === 'jest' ? countJest(report) : countTap(report);
  if (counts === undefined)
    return { passed: 0, failed: 1, why: `it ended with ${code} and without a report` };
  const { passed, failed } = counts;
  if (failed > 0) return counts;
  if (passed === 0) return { passed, failed: 1, why: 'it ran no tests' };
  return code === 0 ? counts : { passed, failed: 1, why: `all tests passed, but it ended with ${code}` };
}

/** @param {string | undefined} report */
function countJest(report) {
  if (!report) return undefined;
  /** @type {{ numPassedTests: number, numFailedTests: number, numRuntimeErrorTestSuites: number }} */
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(report);
  // A file that cannot be loaded has no tests to fail.
  return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
}

/** @param {string | undefined} report */
function countTap(report) {
  /** @param {string} word */
  const number = (word) => new RegExp(`^# ${word} (\\d+)$`, 'm').exec(report ?? '')?.[1];
  const [pass, fail, cancelled] = ['pass', 'fail', 'cancelled'].map(number);
  if (pass === undefined || fail === undefined || cancelled === undefined) return undefined;
  return { passed: Number(pass), failed: Number(fail) + Number(cancelled) };
}
