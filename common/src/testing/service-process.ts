// A service as a process of its own, to be killed; run from its sources, so no build can be stale.
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const runTypescript = join('..', 'infra', 'test', 'run-typescript.cjs');

export class ServiceProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  /** Resolves once the service answers on `port`. @param folder the service's, with `src/main.ts` in it */
  static async start(folder: string, env: NodeJS.ProcessEnv): Promise<ServiceProcess> {
    const child = spawnService(folder, { ...env, LOG_LEVEL: 'info' }, []);
    const lines: string[] = [];
    const port = await new Promise<number>((resolve, reject) => {
      child.stderr.on('data', (chunk) => lines.push(String(chunk)));
      // Read to the end: a full pipe would stop the service.
      createInterface({ input: child.stdout }).on('line', (line) => {
        lines.push(line);
        const entry = JSON.parse(line) as { msg?: string; port?: number };
        if (entry.msg === 'listening' && entry.port !== undefined) resolve(entry.port);
      });
      child.once('close', () => {
        reject(new Error(`The service in ${folder} did not start:\n${lines.join('\n')}`));
      });
    });
    return new ServiceProcess(child, port);
  }

  /** SIGKILL: nothing is flushed, nobody is told. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await exited;
  }

  /** SIGTERM, as a rolling update sends it. @returns the exit code */
  async stop(): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const exited = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await exited;
    return this.child.exitCode;
  }

  get isAlive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }
}

/** Runs a command of a service, as `node dist/main.js <args>` would. @returns what it printed and its exit code */
export async function runCommand(
  folder: string,
  env: NodeJS.ProcessEnv,
  args: string[],
): Promise<{ code: number | null; output: string }> {
  const child = spawnService(folder, env, args);
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output };
}

function spawnService(folder: string, env: NodeJS.ProcessEnv, args: string[]) {
  return spawn(
    process.execPath,
    ['-C', 'development', '-r', join(folder, runTypescript), join(folder, 'src', 'main.ts'), ...args],
    { cwd: folder, env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
}
