// Finds NATS Streaming: on PATH, else compiled by Go from the pinned release.
import { cached, findOnPath } from './cache.mjs';
import { installFromGo } from './go.mjs';

const program = 'nats-streaming-server';
/** @type {import('./go.mjs').PinnedModule} */
const module = {
  path: 'github.com/nats-io/nats-streaming-server',
  version: 'v0.25.6',
  sum: 'h1:8OBRaIl64u+DFvZYpF50RRzwG/yLcJZL0R7VMc7tp4Y=',
};

const advice =
  'Or put nats-streaming-server on PATH, or give a server\'s address: NATS_URL="nats://…" npm start.';

/** @type {import('./index.mjs').Finder} */
export async function findNatsStreaming({ log, signal }) {
  const onPath = await findOnPath(program);
  if (onPath !== undefined) return onPath;
  return cached(`${program}-${module.version}`, program, async (folder) => {
    log(`${program}: compiling ${module.version} (about a minute)`);
    await installFromGo(module, folder, { signal, advice });
  });
}
