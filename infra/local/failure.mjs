// A failure that a person can mend: its message is one plain sentence, shown without a stack.

export class PlainFailure extends Error {
  /**
   * @param {string} message one sentence: what is wrong and what to do
   * @param {{ exitCode?: number, detail?: string, cause?: unknown }} [options] `detail` is shown below the sentence
   */
  constructor(message, { exitCode = 1, detail = '', cause } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'PlainFailure';
    this.exitCode = exitCode;
    this.detail = detail;
  }
}

/**
 * Writes an error to stderr in the way it deserves and answers the exit code.
 * @param {unknown} error
 * @returns {number}
 */
export function report(error) {
  if (error instanceof PlainFailure) {
    process.stderr.write(`${error.message}\n${error.detail === '' ? '' : `\n${error.detail.trimEnd()}\n`}`);
    return error.exitCode;
  }
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return 1;
}

/**
 * The code of a system error (`ENOENT`), or an empty string.
 * @param {unknown} error
 * @returns {string}
 */
export function errorCode(error) {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/**
 * @param {unknown} error
 * @returns {string}
 */
export function errorMessage(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Whoever reads our output may go before us, as `head` does; that is no failure.
 * @param {NodeJS.WriteStream} stream
 */
export function survivesItsReader(stream) {
  stream.on('error', (error) => {
    if (errorCode(error) !== 'EPIPE') throw error;
  });
}
