// kubectl, as a person types it, in the namespace of this project.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { promisify } from 'node:util';
import { eventually } from '../../../../e2e/support/eventually';

export const namespace = 'ticketing';
const run = promisify(execFile);
const deadlineMs = 240_000;

/** @returns what it printed */
export async function kubectl(...args: string[]): Promise<string> {
  const options = { timeout: deadlineMs, maxBuffer: 20_000_000 };
  return (await run('kubectl', ['--namespace', namespace, ...args], options)).stdout;
}

/** Of `kubectl get … -o json`. */
export async function getJson<T>(...args: string[]): Promise<T> {
  return JSON.parse(await kubectl('get', ...args, '-o', 'json')) as T;
}

interface ContainerState {
  waiting?: { reason: string; message?: string };
  terminated?: { reason: string; exitCode: number; message?: string };
}

export interface Pod {
  metadata: { name: string; uid: string; creationTimestamp: string; deletionTimestamp?: string };
  status: {
    conditions?: { type: string; status: string; lastTransitionTime: string }[];
    containerStatuses?: { restartCount: number; state: ContainerState; lastState: ContainerState }[];
  };
}

export const podsOf = async (app: string): Promise<Pod[]> =>
  (await getJson<{ items: Pod[] }>('pods', '-l', `app=${app}`)).items;

export const isReady = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined &&
  (status.conditions ?? []).some(({ type, status: value }) => type === 'Ready' && value === 'True');

/** Resolves when this many pods of an app are ready, and no other is there. */
export async function whenReady(app: string, count: number, withinMs = 180_000): Promise<Pod[]> {
  return eventually(
    async () => {
      const pods = await podsOf(app);
      if (pods.length === count && pods.every(isReady)) return pods;
      throw new Error(
        `${app}: ${pods.filter(isReady).length} of ${pods.length} pods are ready, not ${count}`,
      );
    },
    { withinMs, everyMs: 500 },
  );
}

/** A way to a pod's port while it lasts; it ends with the pod. */
export class Forward {
  private constructor(
    private readonly child: ChildProcess,
    /** On this machine. */
    readonly port: number,
  ) {}

  static async to(pod: string, podPort: number): Promise<Forward> {
    const args = ['--namespace', namespace, 'port-forward', '--address', '127.0.0.1', pod, `:${podPort}`];
    const child = spawn('kubectl', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    try {
      const port = await eventually(() => {
        const found = /Forwarding from 127\.0\.0\.1:(\d+)/.exec(said)?.[1];
        if (found === undefined) throw new Error(`There is no way to ${pod}:${podPort}: ${said}`);
        return Number(found);
      });
      return new Forward(child, port);
    } catch (error) {
      child.kill();
      throw error;
    }
  }

  close(): void {
    this.child.kill();
  }
}
