// Finds NATS Streaming: on PATH, else compiled by Go from the pinned release.
import { runCommand, lastLines } from '../command.mjs';
import { PlainFailure } from '../failure.mjs';
import { cached, findOnPath } from './cache.mjs';

const MODULE = 'github.com/nats-io/nats-streaming-server';
const VERSION = 'v0.25.6';
/** Go's own hash of the module; what the module needs is checked by Go against its checksum database. */
const MODULE_SUM = 'h1:8OBRaIl64u+DFvZYpF50RRzwG/yLcJZL0R7VMc7tp4Y=';

const advice =
  'Or put nats-streaming-server on PATH, or give a server\'s address: NATS_URL="nats://…" npm start.';

/** @type {import('./index.mjs').Finder} */
export async function findNatsStreaming({ log, signal }) {
  const onPath = await findOnPath('nats-streaming-server');
  if (onPath !== undefined) return onPath;
  return cached(`nats-streaming-server-${VERSION}`, 'nats-streaming-server', async (folder) => {
    log(`nats-streaming-server: compiling ${VERSION} (about a minute)`);
    const environment = { ...process.env, GOBIN: folder, GOWORK: 'off' };
    const target = `${MODULE}@${VERSION}`;
    const download = await go(['mod', 'download', '-json', target], {
      env: environment,
      cwd: folder,
      signal,
    });
    assertModuleSum(download.stdout);
    await go(['install', '-trimpath', target], { env: environment, cwd: folder, signal });
  });
}

/** @param {string} downloadJson what `go mod download -json` printed */
export function assertModuleSum(downloadJson) {
  const sum = JSON.parse(downloadJson).Sum;
  if (sum === MODULE_SUM) return;
  throw new PlainFailure(
    `${MODULE} ${VERSION} is not the module that is pinned here (${sum} instead of ${MODULE_SUM}), so it was not used.`,
  );
}

/**
 * @param {string[]} args
 * @param {{ env: NodeJS.ProcessEnv, cwd: string, signal: AbortSignal | undefined }} options
 */
async function go(args, options) {
  const outcome = await runCommand('go', args, { deadlineMs: 300_000, ...options });
  if (outcome.code === 0) return outcome;
  throw outcome.isMissing
    ? new PlainFailure(`There is no Go, which compiles NATS Streaming: install Go 1.20 or newer. ${advice}`)
    : new PlainFailure(`NATS Streaming could not be compiled: "go ${args.join(' ')}" failed. ${advice}`, {
        detail: lastLines(outcome.output, 10),
      });
}
