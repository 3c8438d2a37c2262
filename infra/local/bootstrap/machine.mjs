// What this machine must have before anything else is tried, and what `npm start -- --help` says.
import { PlainFailure } from '../failure.mjs';

const OLDEST_NODE = /** @type {const} */ ([20, 19]);

/**
 * @param {string} [version]
 * @param {string} [platform]
 */
export function assertMachine(version = process.versions.node, platform = process.platform) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    throw new PlainFailure(
      `This needs Node.js ${OLDEST_NODE.join('.')} or newer, and this is ${version}: install a newer one.`,
    );
  }
  if (platform === 'win32') throw new PlainFailure('On Windows, start this inside WSL.');
}

export const helpText = `npm start -- [--fresh] [--replicas N] [--observe]

  --fresh        forget the data of earlier runs
  --replicas N   run N of each of the five services
  --observe      run Prometheus too, with the alert rules (from PATH, or unpacked from Debian's package)

Environment
  PORT                     the gateway's port (3000; 0 takes any free one, and the ready line says which)
  MONGO_URL, NATS_URL, REDIS_URL
                           a server of yours instead of one started here (NATS_CLUSTER_ID: ticketing)
  STRIPE_KEY               Stripe's secret key; without it a local emulator of Stripe is started
  STRIPE_API_BASE          where Stripe's API is, instead of Stripe or the emulator
  STRIPE_WEBHOOK_SECRET    with a STRIPE_KEY: signs the webhooks that Stripe sends to /api/payments/webhook
  STRIPE_PUBLISHABLE_KEY   for the client
  JWT_KEY                  signs sessions (made once and kept with the data)
  EXPIRATION_SECONDS       how long an order holds its ticket (60)
  LOG_LEVEL, RATE_LIMITS, NODE_ENV
                           passed on to the services
  OTEL_EXPORTER_OTLP_ENDPOINT
                           where traces go, OTLP over HTTP; without it there are none
  TICKETING_HOME           where data, logs and process records go (.local), so that a second system can run beside
  SEED                     on or off: demonstration tickets on the first run (on; off where MONGO_URL is given)
  SKIP_BUILD               1: neither npm ci nor the compiler; what is built is started

While it runs: npm run local -- status | stop NAME | start NAME | kill NAME | logs NAME`;
