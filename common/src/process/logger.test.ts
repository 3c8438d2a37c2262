import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** What a process of its own prints with this logger: stdout is pino's to write to, past jest. */
function printed(script: string, level = 'debug'): Record<string, unknown>[] {
  const runTypescript = join(__dirname, '../../../infra/test/run-typescript.cjs');
  const logger = `require(${JSON.stringify(join(__dirname, 'logger.ts'))}).createLogger('orders', 'orders-1', '${level}')`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['-r', runTypescript, '-e', `const logger = ${logger};\n${script}`],
    { encoding: 'utf8' },
  );
  if (stderr) throw new Error(stderr);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('A log', () => {
  test('is a JSON line for each entry, saying which replica wrote it', () => {
    const [entry] = printed(`logger.info({ port: 3000 }, 'listening')`);
    expect(entry).toMatchObject({
      level: 30,
      service: 'orders',
      instance: 'orders-1',
      port: 3000,
      msg: 'listening',
    });
  });

  test('never shows a secret, down to the third level', () => {
    const lines = printed(`
      logger.info({ password: 'hunter2', token: 'hunter2', jwt: 'hunter2' });
      logger.info({ headers: { authorization: 'hunter2', cookie: 'hunter2', 'set-cookie': ['hunter2'] } });
      logger.info({ request: { body: { password: 'hunter2', title: 'kept' } } });
    `);
    expect(lines).toHaveLength(3);
    expect(JSON.stringify(lines)).not.toContain('hunter2');
    expect(lines[2]).toMatchObject({ request: { body: { password: '[redacted]', title: 'kept' } } });
  });

  test('holds nothing under its level, and at silent nothing at all', () => {
    const script = `logger.debug('small'); logger.info('usual'); logger.error('large')`;
    expect(printed(script, 'info').map(({ msg }) => msg)).toEqual(['usual', 'large']);
    expect(printed(script, 'silent')).toEqual([]);
  });

  test('tells an error with its stack and its cause', () => {
    const [entry] = printed(
      `logger.error({ err: new Error('outer', { cause: new Error('the cause') }) }, 'failed')`,
    );
    expect(entry?.['err']).toMatchObject({ message: expect.stringContaining('outer') as string });
    expect(JSON.stringify(entry)).toContain('the cause');
  });
});
