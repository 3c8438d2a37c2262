import { Agent, createServer, get, type RequestListener } from 'node:http';
import { eventually } from '../testing/eventually';
import { Service, type Part, type ServiceOptions } from './service';

const quiet = { PORT: 0, HOST: '127.0.0.1', INSTANCE_ID: 'test-0', LOG_LEVEL: 'silent' };
const serviceWith = (given: Partial<ServiceOptions['config']> = {}, drainSeconds?: number): Service =>
  new Service({
    name: 'test',
    config: { ...quiet, ...given },
    ...(drainSeconds === undefined ? {} : { drainSeconds }),
  });

/** A part that tells what happens to it; it may fail at either end. */
const part = (name: string, told: string[], fails: { start?: true; stop?: true } = {}): Part => ({
  name,
  start: () => {
    told.push(`start ${name}`);
    return fails.start ? Promise.reject(new Error(`${name} is away`)) : Promise.resolve();
  },
  stop: () => {
    told.push(`stop ${name}`);
    return fails.stop ? Promise.reject(new Error(`${name} hangs`)) : Promise.resolve();
  },
});

/** The status of GET /, or why there was none. */
const ask = (port: number, agent?: Agent): Promise<number | string> =>
  new Promise((resolve) => {
    get({ port, host: '127.0.0.1', agent: agent ?? false }, (answer) => {
      answer.resume().once('end', () => {
        resolve(answer.statusCode ?? 0);
      });
    }).once('error', (error) => {
      resolve((error as NodeJS.ErrnoException).code ?? error.message);
    });
  });

/** What GET / says of how long its connection may rest. */
const keptOpen = (port: number, agent: Agent): Promise<unknown> =>
  new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', agent }, (answer) => {
      answer.resume();
      resolve(answer.headers['keep-alive']);
    }).once('error', reject);
  });

const answering: RequestListener = (_asked, response) => void response.end('{}');

/** A listener whose answers the test gives when it likes. */
function waiting() {
  const open: (() => void)[] = [];
  const listener: RequestListener = (_asked, response) => open.push(() => response.end('{}'));
  return { open, listener };
}

describe('A service', () => {
  test('keeps a resting connection for longer than an ingress does', async () => {
    const service = serviceWith().serve(answering);
    await service.start();
    const agent = new Agent({ keepAlive: true });
    expect(await keptOpen(service.port, agent)).toBe('timeout=100');
    agent.destroy();
    await service.stop();
  });

  test('starts its parts in order, HTTP last, and stops them in the opposite order', async () => {
    const told: string[] = [];
    const service = serviceWith().use(part('database', told), part('broker', told)).use(part('relay', told));
    service.serve(answering);
    expect(service.health.report().isReady).toBe(false);

    await service.start();
    expect(told).toEqual(['start database', 'start broker', 'start relay']);
    expect(service.health.report().isReady).toBe(true);
    const { port } = service;
    expect(await ask(port)).toBe(200);

    await service.stop();
    expect(told.slice(3)).toEqual(['stop relay', 'stop broker', 'stop database']);
    expect(service.health.report().isReady).toBe(false);
    expect(await ask(port)).toBe('ECONNREFUSED');
  });

  test('starts only the parts that a command needs, and no HTTP', async () => {
    const told: string[] = [];
    const service = serviceWith().use(part('database', told), part('broker', told)).serve(answering);
    await service.start(['database']);
    expect(() => service.port).toThrow('does not listen');
    await service.stop();
    expect(told).toEqual(['start database', 'stop database']);
  });

  test('that cannot start says why, after stopping what had started', async () => {
    const told: string[] = [];
    const service = serviceWith().use(
      part('database', told),
      part('broker', told, { start: true }),
      part('relay', told),
    );
    await expect(service.serve(answering).start()).rejects.toThrow('broker is away');
    expect(told).toEqual(['start database', 'start broker', 'stop broker', 'stop database']);
    expect(service.health.report().isReady).toBe(false);
  });

  test('whose port is taken says so and stops its parts', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const told: string[] = [];
    const PORT = (other.address() as { port: number }).port;
    const service = serviceWith({ PORT }).use(part('database', told)).serve(answering);
    await expect(service.start()).rejects.toThrow(`EADDRINUSE: address already in use 127.0.0.1:${PORT}`);
    expect(told).toEqual(['start database', 'stop database']);
    other.close();
  });

  test('stops the rest when a part fails at stopping', async () => {
    const told: string[] = [];
    const service = serviceWith().use(part('database', told), part('broker', told, { stop: true }));
    await service.start();
    await service.stop();
    expect(told.slice(2)).toEqual(['stop broker', 'stop database']);
  });

  test('stops each part once, however often it is told to', async () => {
    const told: string[] = [];
    const service = serviceWith().use(part('database', told)).serve(answering);
    await service.start();
    await Promise.all([service.stop(), service.stop()]);
    await service.stop();
    expect(told).toEqual(['start database', 'stop database']);
  });

  test('that answers no HTTP says so to whoever asks for its app', () => {
    expect(() => serviceWith().app).toThrow('answers no HTTP');
  });
});

describe('A service that stops', () => {
  test('lets open requests finish before its parts go, and takes no new ones', async () => {
    const told: string[] = [];
    const { open, listener } = waiting();
    const service = serviceWith().use(part('database', told)).serve(listener);
    await service.start();
    const { port } = service;
    const agent = new Agent({ keepAlive: true });
    const answer = ask(port, agent);
    await eventually(() => {
      expect(open).toHaveLength(1);
    });

    const stopped = service.stop();
    expect(service.health.report().isReady).toBe(false);
    expect(await ask(port)).toBe('ECONNREFUSED');
    expect(told).toEqual(['start database']);

    open[0]?.();
    expect(await answer).toBe(200);
    const answeredAt = Date.now();
    await stopped;
    expect(told).toEqual(['start database', 'stop database']);
    // The client keeps its connection alive; that is no reason to wait for it.
    expect(Date.now() - answeredAt).toBeLessThan(1000);
    agent.destroy();
  });

  test('does not wait for connections on which nothing is asked', async () => {
    const service = serviceWith().serve(answering);
    await service.start();
    const agent = new Agent({ keepAlive: true });
    expect(await ask(service.port, agent)).toBe(200);
    const startedAt = Date.now();
    await service.stop();
    expect(Date.now() - startedAt).toBeLessThan(1000);
    agent.destroy();
  });

  test('cuts off, at its deadline, requests that do not finish', async () => {
    const told: string[] = [];
    const { open, listener } = waiting();
    const service = serviceWith({}, 0.2).use(part('database', told)).serve(listener);
    await service.start();
    const answer = ask(service.port);
    await eventually(() => {
      expect(open).toHaveLength(1);
    });
    const startedAt = Date.now();
    await service.stop();
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(190);
    expect(Date.now() - startedAt).toBeLessThan(2000);
    expect(await answer).toBe('ECONNRESET');
    expect(told).toEqual(['start database', 'stop database']);
  });
});
