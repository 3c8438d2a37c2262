// The package as others would install it: packed, and unpacked in a folder that knows nothing of this workspace.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const common = join(__dirname, '..');
const root = join(common, '..');
const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], npm_config_offline: 'true' };

interface Manifest {
  exports: Record<string, Record<string, string>>;
  dependencies: Record<string, string>;
}
let folder: string;
let outside: string;
let manifest: Manifest;
let files: string[];

/** Builds and packs a copy, so that neither another's build nor ours is in the way of the other. */
async function pack(): Promise<string> {
  const workspace = join(folder, 'workspace');
  const own = join(workspace, 'common');
  await mkdir(own, { recursive: true });
  await symlink(join(root, 'node_modules'), join(workspace, 'node_modules'));
  await cp(join(root, 'tsconfig.base.json'), join(workspace, 'tsconfig.base.json'));
  for (const name of ['src', 'package.json', 'tsconfig.json']) {
    await cp(join(common, name), join(own, name), { recursive: true });
  }
  await run('npm', ['pack', '--pack-destination', folder], { cwd: own, env });
  return join(
    folder,
    `ticketing-common-${(JSON.parse(await readFile(join(own, 'package.json'), 'utf8')) as { version: string }).version}.tgz`,
  );
}

/** What a program in the folder outside prints. */
async function prints(program: string): Promise<string> {
  return (await run(process.execPath, ['-e', program], { cwd: outside, env })).stdout.trim();
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ticketing-package-'));
  const archive = await pack();
  outside = join(folder, 'outside');
  const installed = join(outside, 'node_modules', '@ticketing', 'common');
  await mkdir(installed, { recursive: true });
  await run('tar', ['xzf', archive, '-C', installed, '--strip-components', '1']);
  files = (await readdir(installed, { recursive: true })).sort();
  manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as Manifest;
  // Its declared dependencies and no other package: one that it uses undeclared is missed.
  for (const name of Object.keys(manifest.dependencies)) {
    const link = join(outside, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(root, 'node_modules', name), link);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('The package holds what it exports, compiled, typed and as source, and no tests', () => {
  const paths = Object.values(manifest.exports).flatMap((conditions) => Object.values(conditions));
  expect(paths.length).toBeGreaterThanOrEqual(12);
  expect(paths.filter((path) => !files.includes(path.replace('./', '')))).toEqual([]);
  expect(files.filter((file) => /\.test\.|\.wire\.|tsbuildinfo|^test|jest\.config/.test(file))).toEqual([]);
});

test('Every door opens outside the workspace, and shows what it promises', async () => {
  const doors = Object.keys(manifest.exports).map((path) => path.replace('.', '@ticketing/common'));
  const shown = JSON.parse(
    await prints(
      `const shown = {}; for (const door of ${JSON.stringify(doors)}) shown[door] = Object.keys(require(door));
       console.log(JSON.stringify(shown));`,
    ),
  ) as Record<string, string[]>;
  expect(Object.keys(shown)).toEqual(doors);
  expect(shown).toMatchObject({
    '@ticketing/common': expect.arrayContaining([
      'createApp',
      'TicketCreated',
      'Service',
      'toMinorUnits',
    ]) as string[],
    '@ticketing/common/broker': expect.arrayContaining(['NatsStreaming', 'Listeners', 'on']) as string[],
    '@ticketing/common/store': expect.arrayContaining(['Database', 'Relay', 'Replicas']) as string[],
    '@ticketing/common/evented': ['addEvents'],
    '@ticketing/common/testing': expect.arrayContaining(['eventually', 'TestServer']) as string[],
  });
});

test('What is not exported stays inside', async () => {
  await expect(prints(`require('@ticketing/common/dist/store/lease.js')`)).rejects.toThrow(
    'ERR_PACKAGE_PATH_NOT_EXPORTED',
  );
});

test('It works there: an app of it answers', async () => {
  const program = `
    const { createApp, Health, Metrics, createLogger } = require('@ticketing/common');
    const app = createApp({ logger: createLogger('x', 'x', 'silent'), metrics: new Metrics('x'), health: new Health(),
      trustProxy: 'loopback', routes: {} });
    const server = app.listen(0, '127.0.0.1', async () => {
      const answer = await fetch('http://127.0.0.1:' + server.address().port + '/nowhere');
      console.log(answer.status, await answer.text());
      server.close();
    });`;
  expect(await prints(program)).toBe(
    '404 {"errors":[{"message":"There is nothing at this address.","code":"request.route_not_found"}]}',
  );
});

test.each([
  ['@ticketing/common', ['node-nats-streaming', 'mongoose', 'mongodb', 'pino-pretty']],
  ['@ticketing/common/store', ['node-nats-streaming', 'express', 'pino-pretty']],
  ['@ticketing/common/broker', ['mongoose', 'mongodb', 'express']],
])('Whoever needs only %s loads none of %j', async (door, packages) => {
  const program = `require('${door}'); console.log(Object.keys(require.cache).join('\\n'))`;
  const loaded = (await prints(program)).split('\n');
  expect(loaded.length).toBeGreaterThan(5);
  const unneeded = packages.filter((name) => loaded.some((path) => path.includes(`/node_modules/${name}/`)));
  expect(unneeded).toEqual([]);
});

test.each([
  ["without a collector a service loads nothing of OpenTelemetry's SDK", {}, false],
  ['with one it does', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' }, true],
])('Traces cost who looks at none nothing: %s', async (_what, given, isLoaded) => {
  const config = { PORT: 0, HOST: '127.0.0.1', INSTANCE_ID: 'x', LOG_LEVEL: 'silent', ...given };
  const program = `
    const { Service } = require('@ticketing/common');
    const service = new Service({ name: 'x', config: ${JSON.stringify(config)} });
    service.start().then(() => service.stop()).then(() => console.log(Object.keys(require.cache).join('\\n')));`;
  const loaded = (await prints(program)).split('\n');
  expect(loaded.length).toBeGreaterThan(5);
  expect(loaded.some((path) => path.includes('/@opentelemetry/sdk-'))).toBe(isLoaded);
});

test('A TypeScript program compiles against its types', async () => {
  await writeFile(
    join(outside, 'program.ts'),
    `import { TicketCreated, parseEvent, toMinorUnits, type TicketData } from '@ticketing/common';
     import { on } from '@ticketing/common/broker';
     import { Replicas } from '@ticketing/common/store';
     import { addEvents } from '@ticketing/common/evented';
     import { eventually } from '@ticketing/common/testing';
     const price: number | undefined = toMinorUnits('19.99');
     const data: TicketData = parseEvent(TicketCreated, '{}').data;
     export const all = [price, data, on, Replicas, addEvents, eventually];
     // @ts-expect-error A ticket's price is a number, so these are types and not any.
     export const wrong: string = data.priceInCents;`,
  );
  const tsc = join(root, 'node_modules/typescript7/bin/tsc');
  const args = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'node20', '--types', '', 'program.ts'];
  await run(process.execPath, [tsc, ...args], { cwd: outside }).catch((error: unknown) => {
    throw new Error((error as { stdout: string }).stdout);
  });
});
