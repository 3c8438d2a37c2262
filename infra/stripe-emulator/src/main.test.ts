import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformFileSync } from '@swc/core';
import type Stripe from 'stripe';
import { readConfig } from './config';
import { clientOf, eventually, paymentBy } from './testing';

let folder: string;
const children: Child[] = [];

// The process runs JavaScript as an image does; compiling here keeps the test free of a build.
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stripe-emulator-'));
  mkdirSync(join(folder, 'dist'));
  for (const file of readdirSync(__dirname).filter((name) => !/^testing|\.test\.ts$/.test(name))) {
    const { code } = transformFileSync(join(__dirname, file), {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      module: { type: 'commonjs' },
    });
    writeFileSync(join(folder, 'dist', file.replace(/\.ts$/, '.js')), code);
  }
});
afterEach(() => {
  for (const { process: child } of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Child {
  process: ChildProcess;
  output: () => string;
  exit: Promise<number | string>;
}

function run(environment: Record<string, string>): Child {
  const child = spawn(process.execPath, [join(folder, 'dist', 'main.js')], { env: environment });
  let output = '';
  const collect = (part: Buffer): void => {
    output += part.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const exit = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => {
      resolve(code ?? signal ?? 'gone');
    });
  });
  const started = { process: child, output: () => output, exit };
  children.push(started);
  return started;
}

async function runReady(
  environment: Record<string, string>,
): Promise<Child & { stripe: Stripe; url: string }> {
  const child = run({ PORT: '0', ...environment });
  const line = await eventually(child.output, (text) => text.includes('ready'));
  const { hostname: host, port, origin: url } = new URL(line.split('ready ')[1] ?? '');
  return { ...child, url, stripe: clientOf({ host, port: Number(port) }) };
}

test.each([
  [{ NODE_ENV: 'production' }, 'never runs with NODE_ENV=production'],
  [{ PORT: 'http' }, 'PORT must be a whole number from 0 to 65535, and is "http".'],
  [{ PORT: '65536' }, 'PORT must be a whole number'],
  [{ PORT: '0', WEBHOOK_URL: 'http://127.0.0.1:1/' }, 'WEBHOOK_URL is set without WEBHOOK_SECRET'],
  [{ PORT: '0', WEBHOOK_SECRET: 'whsec_x' }, 'WEBHOOK_SECRET is set without WEBHOOK_URL'],
  [
    { PORT: '0', WEBHOOK_URL: 'nonsense', WEBHOOK_SECRET: 'x' },
    'WEBHOOK_URL must be an http or https address',
  ],
])('With %j it stops at once and says why in a sentence', async (environment, sentence) => {
  const child = run(environment);
  expect(await child.exit).toBe(1);
  expect(child.output()).toContain(sentence);
  expect(child.output().trim().split('\n')).toHaveLength(1);
});

test('A taken port is said in a sentence', async () => {
  const first = await runReady({});
  const port = /:(\d+)$/m.exec(first.output())?.[1] ?? '';
  const second = run({ PORT: port });
  expect(await second.exit).toBe(1);
  expect(second.output()).toContain('The port is taken');
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s lets the request in progress finish, then it exits with 0',
  async (signal) => {
    const child = await runReady({});
    await fetch(`${child.url}/emulator/faults`, { method: 'POST', body: '{"latencyMs":300}' });
    const payment = child.stripe.paymentIntents.create(paymentBy('tok_visa'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    child.process.kill(signal);
    const { status, lastResponse } = await payment;
    expect(status).toBe('succeeded');
    expect(lastResponse.headers).toMatchObject({ connection: 'close' });
    expect(await child.exit).toBe(0);
  },
);

test('kill -9 amid payments loses none that was answered, and no key', async () => {
  const dataFile = join(folder, 'killed.jsonl');
  const first = await runReady({ DATA_FILE: dataFile });
  const answered = new Map<string, string>();
  const isDown = { now: false };
  const buyer = async (name: number): Promise<void> => {
    for (let number = 0; !isDown.now; number += 1) {
      const idempotencyKey = `order-${name}-${number}`;
      const metadata = { orderId: idempotencyKey };
      const { id } = await first.stripe.paymentIntents.create(paymentBy('tok_visa', { metadata }), {
        idempotencyKey,
      });
      answered.set(idempotencyKey, id);
    }
  };
  const buyers = [1, 2, 3, 4].map((name) =>
    buyer(name).catch(() => {
      isDown.now = true;
    }),
  );
  await eventually(
    () => answered.size,
    (size) => size >= 40,
  );
  first.process.kill('SIGKILL');
  await Promise.all(buyers);

  const second = await runReady({ DATA_FILE: dataFile });
  for (const [idempotencyKey, id] of answered) {
    const payment = paymentBy('tok_visa', { metadata: { orderId: idempotencyKey } });
    const replayed = await second.stripe.paymentIntents.create(payment, { idempotencyKey });
    expect(replayed.id).toBe(id);
  }
});

test('The environment becomes options', () => {
  expect(readConfig({})).toMatchObject({ port: 12111, dataFile: undefined, webhook: undefined });
  const webhook = { WEBHOOK_URL: 'http://localhost:3000/hook', WEBHOOK_SECRET: 'whsec_x' };
  expect(readConfig({ PORT: '4010', HOST: '0.0.0.0', DATA_FILE: 'a.jsonl', ...webhook })).toEqual({
    port: 4010,
    host: '0.0.0.0',
    dataFile: 'a.jsonl',
    webhook: { url: 'http://localhost:3000/hook', secret: 'whsec_x' },
  });
});
