// The process around a service, as the cluster and the supervisor see it: signals, exit codes, what it prints.
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { eventually } from '../src/testing/eventually';

const program = join(__dirname, 'support/tiny-service.ts');
const runTypescript = join(__dirname, '../../infra/test/run-typescript.cjs');
const goodEnv = { PORT: '0', HOST: '127.0.0.1', JWT_KEY: '6f1c2b9d4e8a7035c1d2e3f4a5b60718' };

class TinyService {
  stdout = '';
  stderr = '';
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
  private readonly child: ChildProcess;

  constructor(env: Record<string, string>, args: string[] = []) {
    const child = spawn(process.execPath, ['-r', runTypescript, program, ...args], {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (chunk) => (this.stdout += String(chunk)));
    child.stderr.on('data', (chunk) => (this.stderr += String(chunk)));
    this.ended = new Promise((resolve) =>
      child.once('close', (code, signal) => {
        resolve({ code, signal });
      }),
    );
    this.child = child;
  }

  /** What it logged; as a set, because what is logged in the moment of its end may change places. */
  said(): Set<string> {
    const lines = this.stdout.split('\n').filter((line) => line.startsWith('{'));
    return new Set(lines.map((line) => (JSON.parse(line) as { msg: string }).msg));
  }

  async says(message: string): Promise<void> {
    await eventually(() => {
      expect(this.said()).toContain(message);
    });
  }

  signal(name: 'SIGTERM' | 'SIGINT'): void {
    this.child.kill(name);
  }
}

describe('A service with a bad environment', () => {
  test('says so in plain sentences, one for each variable, and exits with 1', async () => {
    const service = new TinyService({ PORT: 'http', JWT_KEY: '', TRUST_PROXY: 'hunter2' });
    expect(await service.ended).toEqual({ code: 1, signal: null });
    expect(service.stderr).toBe(
      [
        'The service cannot start:',
        'PORT is malformed: must be a whole number from 0 to 65535',
        'TRUST_PROXY is malformed: must be loopback, linklocal, uniquelocal or IP addresses (no range wider than /8), with commas between them',
        'JWT_KEY is missing: key that signs sessions, 32 characters or more, the same for all services',
        '',
      ].join('\n'),
    );
    expect(service.stdout).toBe('');
  });
});

describe('A service that cannot start', () => {
  test('logs why and exits with 1', async () => {
    const service = new TinyService({ ...goodEnv, BEHAVIOUR: 'fails at start' });
    expect((await service.ended).code).toBe(1);
    expect(service.stdout).toContain('the part is away');
    expect(service.said()).toEqual(new Set(['part starting', 'part stopped', 'the service could not start']));
  });

  test('because its port is taken names the port', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const PORT = String((other.address() as { port: number }).port);
    const service = new TinyService({ ...goodEnv, PORT });
    expect((await service.ended).code).toBe(1);
    expect(service.stdout).toContain(`address already in use 127.0.0.1:${PORT}`);
    other.close();
  });
});

describe('A service that runs', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('stops cleanly at %s and exits with 0', async (signal) => {
    const service = new TinyService(goodEnv);
    await service.says('ready');
    service.signal(signal);
    expect(await service.ended).toEqual({ code: 0, signal: null });
    expect(service.said()).toEqual(
      new Set(['part starting', 'part started', 'listening', 'ready', 'stopping', 'part stopped']),
    );
    expect(service.stderr).toBe('');
  });

  test('ends at once at the second signal', async () => {
    const service = new TinyService({ ...goodEnv, BEHAVIOUR: 'hangs at stop' });
    await service.says('ready');
    service.signal('SIGTERM');
    await service.says('stopping');
    service.signal('SIGTERM');
    expect((await service.ended).code).toBe(1);
  });

  test('that is told to stop before it has started stops', async () => {
    const service = new TinyService({ ...goodEnv, BEHAVIOUR: 'hangs at start' });
    await service.says('part starting');
    service.signal('SIGTERM');
    expect(await service.ended).toEqual({ code: 0, signal: null });
    expect(service.said()).toEqual(new Set(['part starting', 'stopping', 'part stopped']));
  });

  test('logs an error that nobody caught and exits with 1, to be started anew', async () => {
    const service = new TinyService({ ...goodEnv, BEHAVIOUR: 'throws later' });
    expect((await service.ended).code).toBe(1);
    expect(service.said()).toContain('uncaught error');
    expect(service.stdout).toContain('nobody caught this');
  });
});

describe('A command of a service', () => {
  test('runs with the parts it needs, prints its answer and exits with 0', async () => {
    const service = new TinyService(goodEnv, ['greet', 'Anna']);
    expect((await service.ended).code).toBe(0);
    expect(service.stdout).toMatch(/^Hello, Anna\.$/m);
    expect(service.said()).toEqual(new Set(['part starting', 'part started', 'part stopped']));
  });

  test('that fails prints one sentence and exits with 1', async () => {
    const service = new TinyService(goodEnv, ['greet']);
    expect((await service.ended).code).toBe(1);
    expect(service.stderr).toBe('Usage: greet NAME\n');
    expect(service.said()).toContain('part stopped');
  });

  test('that needs a server which is away says so and exits with 1', async () => {
    const service = new TinyService({ ...goodEnv, BEHAVIOUR: 'fails at start' }, ['greet', 'Anna']);
    expect((await service.ended).code).toBe(1);
    expect(service.stderr).toBe('the part is away\n');
  });

  test('that does not exist names those that do and exits with 2', async () => {
    const service = new TinyService(goodEnv, ['dance']);
    expect((await service.ended).code).toBe(2);
    expect(service.stderr).toBe('There is no command dance. Try: greet NAME\n');
  });
});
