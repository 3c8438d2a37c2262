// A whole system of one's own: started the way `npm start` does it, driven through `npm run local`, stopped without a trace.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { eventually, sleep } from './eventually';
import type { Marketplace } from './marketplace';

export interface PartStatus {
  name: string;
  replica: number;
  pid: number | null;
  port: number;
  url: string;
  state: string;
  restarts: number;
}

export const services = ['auth', 'tickets', 'orders', 'payments', 'expiration'] as const;
export type ServiceName = (typeof services)[number];

const root = resolve(__dirname, '../../..');
const script = (name: string): string => join(root, 'infra/local', name);
const run = promisify(execFile);
const bootDeadlineMs = 90_000;
const stopDeadlineMs = 40_000;

export interface LogLine {
  service: string;
  msg: string;
  level: number;
  requestId?: string;
  traceId?: string;
  eventId?: string;
  channel?: string;
  url?: string;
}

export interface SystemOptions {
  replicas?: number;
  expirationSeconds?: number;
  /** Off unless told: a test's few people do much. */
  rateLimits?: 'on' | 'off';
  env?: Record<string, string>;
  /** Of npm start. */
  args?: string[];
}

export class System implements Marketplace {
  private constructor(
    private readonly supervisor: ChildProcess,
    private readonly home: string,
    /** The gateway's. */
    readonly url: string,
    /** The servers' addresses stay the same however often they are killed. */
    private readonly addresses: Map<string, string>,
  ) {}

  /** Resolves when everything is ready. */
  static async boot({
    replicas = 1,
    expirationSeconds = 60,
    rateLimits = 'off',
    env = {},
    args: more = [],
  }: SystemOptions = {}): Promise<System> {
    const home = await mkdtemp(join(tmpdir(), 'ticketing-e2e-'));
    const tether = ['--import', pathToFileURL(join(__dirname, 'tether.mjs')).href];
    const args = [...tether, script('start.mjs'), '--replicas', String(replicas), ...more];
    const supervisor = spawn(process.execPath, args, {
      env: environment({
        TICKETING_HOME: home,
        PORT: '0',
        SEED: 'off',
        SKIP_BUILD: '1',
        RATE_LIMITS: rateLimits,
        EXPIRATION_SECONDS: String(expirationSeconds),
        ...env,
      }),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    try {
      const url = await readyUrl(supervisor);
      const parts = await statusOf(home);
      return new System(supervisor, home, url, new Map(parts.map((part) => [part.name, part.url])));
    } catch (error) {
      await end(supervisor);
      await rm(home, { recursive: true, force: true });
      throw error;
    }
  }

  /** Where a part is, by itself: a server's connection URL, a service's own door behind the gateway. */
  address(name: string): string {
    const address = this.addresses.get(name);
    if (address === undefined) throw new Error(`This system has no ${name}.`);
    return address;
  }

  /** A service's own database, as a URL with its name in it. */
  database(name: ServiceName): string {
    const mongo = new URL(this.address('mongo'));
    mongo.pathname = `/${name}`;
    return mongo.href;
  }

  parts(): Promise<PartStatus[]> {
    return statusOf(this.home);
  }

  /** How often each service's process was started again by the supervisor. */
  async restarts(): Promise<Record<string, number>> {
    const isService = ({ name }: PartStatus): boolean => (services as readonly string[]).includes(name);
    const parts = (await this.parts()).filter(isService);
    return Object.fromEntries(parts.map(({ name, replica, restarts }) => [`${name}/${replica}`, restarts]));
  }

  /** Takes a part down until `startPart`. */
  stopPart(name: string): Promise<unknown> {
    return command(this.home, 'stop', name);
  }

  /** Resolves when it is ready. */
  startPart(name: string): Promise<unknown> {
    return command(this.home, 'start', name);
  }

  /** SIGKILL to every replica; resolves when the supervisor has brought them back. */
  async kill(name: string): Promise<void> {
    const pids = (await this.parts()).filter((part) => part.name === name).map(({ pid }) => pid);
    await command(this.home, 'kill', name);
    await eventually(
      async () => {
        const now = (await this.parts()).filter((part) => part.name === name);
        const isBack = now.every(({ state, pid }) => state === 'ready' && !pids.includes(pid));
        if (!isBack) throw new Error(`${name} did not come back: ${JSON.stringify(now)}`);
      },
      { withinMs: 30_000, everyMs: 250 },
    );
  }

  /** One of a service's commands, as an operator types it: `node dist/main.js set-aside list`. */
  async serviceCommand(name: ServiceName, ...args: string[]): Promise<string> {
    const env = environment({
      PORT: '0',
      HOST: '127.0.0.1',
      INSTANCE_ID: `${name}-command`,
      LOG_LEVEL: 'silent',
      JWT_KEY: await this.jwtKey(),
      MONGO_URI: this.database(name),
      NATS_URL: this.address('nats'),
      REDIS_URL: this.address('redis'),
      STRIPE_KEY: 'sk_test_local',
    });
    const options = { cwd: join(root, name), env, timeout: 30_000 };
    return (await run(process.execPath, ['dist/main.js', ...args], options)).stdout;
  }

  /** `npm run ops -- …` for this system. */
  async ops(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    return runOps({ TICKETING_HOME: this.home }, ...args);
  }

  /** What a part has logged so far: its JSON lines. */
  async log(name: string): Promise<LogLine[]> {
    const lines = (await readFile(join(this.home, 'logs', `${name}.log`), 'utf8')).split('\n');
    return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as LogLine);
  }

  /** What signs this system's sessions. */
  jwtKey(): Promise<string> {
    return readFile(join(this.home, 'data/jwt-key'), 'utf8');
  }

  /** Throws when any process is left behind. `E2E_KEEP=1` keeps data and logs, to look at what went wrong. */
  async stop(): Promise<void> {
    const pids = (await this.parts()).flatMap(({ pid }) => pid ?? []);
    await end(this.supervisor);
    const left = pids.filter(isAlive);
    for (const pid of left) process.kill(pid, 'SIGKILL');
    if (left.length > 0 || this.supervisor.exitCode !== 0) {
      throw new Error(
        `The system stopped with ${String(this.supervisor.exitCode)} and left: ${left.join(', ')}`,
      );
    }
    if (process.env['E2E_KEEP'] !== '1') await rm(this.home, { recursive: true, force: true });
  }
}

/** A person's own settings (a PORT, a STRIPE_KEY) are not for tests. */
function environment(given: Record<string, string>): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'XDG_CACHE_HOME', 'E2E_KEEP'].map((name) => [name, process.env[name]]);
  return { ...(Object.fromEntries(kept.filter(([, value]) => value)) as NodeJS.ProcessEnv), ...given };
}

async function command(home: string, ...args: string[]): Promise<string> {
  const env = environment({ TICKETING_HOME: home });
  const options = { env, timeout: 90_000, maxBuffer: 10_000_000 };
  return (await run(process.execPath, [script('cli.mjs'), ...args], options)).stdout;
}

/** An operator's command for the system that `given` names. */
export async function runOps(
  given: Record<string, string>,
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const options = { env: environment(given), timeout: 60_000, maxBuffer: 10_000_000 };
  try {
    return { code: 0, ...(await run(process.execPath, [join(root, 'infra/ops/ops.mjs'), ...args], options)) };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

async function statusOf(home: string): Promise<PartStatus[]> {
  return (JSON.parse(await command(home, 'status', '--json')) as { parts: PartStatus[] }).parts;
}

async function readyUrl(supervisor: ChildProcess): Promise<string> {
  let output = '';
  for (const stream of [supervisor.stdout, supervisor.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  return eventually(
    () => {
      const url = /^ready (\S+)$/m.exec(output)?.[1];
      if (url === undefined) throw new Error(`The system is not ready; it says:\n${output}`);
      return url;
    },
    { withinMs: bootDeadlineMs },
  );
}

async function end(supervisor: ChildProcess): Promise<void> {
  if (supervisor.exitCode !== null || supervisor.signalCode !== null) return;
  const exited = once(supervisor, 'exit');
  supervisor.kill('SIGTERM');
  const isLate = await Promise.race([exited.then(() => false), sleep(stopDeadlineMs, true, { ref: false })]);
  if (isLate) supervisor.kill('SIGKILL');
  await exited;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // nobody has this number
  }
}
