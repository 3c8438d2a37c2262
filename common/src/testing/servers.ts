// Real servers for tests: a database each on the shared MongoDB, and a broker or a Redis of one's own to kill.
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually';

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the tests with jest and infra/test/jest-preset.cjs.`);
  return value;
}

/** The URI of a new, empty database on the tests' MongoDB. */
export function testMongoUri(name: string): string {
  const uri = new URL(required('TEST_MONGO_URI'));
  uri.pathname = `/${name}_${randomBytes(4).toString('hex')}`;
  return uri.toString();
}

/** A server program that a test may kill and start again; it keeps its port and its data. */
export class TestServer {
  private child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly program: string,
    private readonly args: string[],
  ) {}

  /** NATS Streaming with a file store. */
  static async broker(): Promise<TestServer> {
    const [port, folder] = await Promise.all([freePort(), newFolder()]);
    const args = [
      '-a',
      '127.0.0.1',
      '-p',
      String(port),
      '-cid',
      'ticketing',
      '-store',
      'file',
      '-dir',
      folder,
    ];
    const heartbeats = ['-hbi', '2s', '-hbt', '1s', '-hbf', '2'];
    return new TestServer(port, folder, required('NATS_STREAMING_PROGRAM'), [...args, ...heartbeats]).start();
  }

  /** Redis with an append-only file. */
  static async redis(): Promise<TestServer> {
    const [port, folder] = await Promise.all([freePort(), newFolder()]);
    const args = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      folder,
      '--save',
      '',
      '--appendonly',
      'yes',
    ];
    return new TestServer(port, folder, required('REDIS_PROGRAM'), args).start();
  }

  async start(): Promise<this> {
    this.child = spawn(this.program, this.args, { stdio: 'ignore' });
    await eventually(() => accepts(this.port));
    return this;
  }

  /** SIGKILL: nothing is flushed, nobody is told. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await exited;
  }

  /** It hangs until it is killed: connections stay, and nothing is answered. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}

const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'ticketing-test-'));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (!address || typeof address === 'string') throw new Error('No free port.');
  return address.port;
}

const accepts = (port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = createConnection(port, '127.0.0.1', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
