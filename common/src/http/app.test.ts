import request from 'supertest';
import type {} from './observe';
import { Health } from '../process/health';
import { Metrics } from '../process/metrics';
import { appWith } from '../testing/app';

describe('The id of a request', () => {
  const app = appWith((router) => {
    router.get('/', (asked, response) => void response.json({ id: asked.id }));
  });
  const idFor = async (given?: string): Promise<unknown> => {
    const asking = request(app).get('/api/things');
    const { body } = await (given === undefined ? asking : asking.set('X-Request-Id', given));
    return (body as { id: unknown }).id;
  };

  test.each(['a', 'order-17', '0af7651916cd43dd.8448eb211c80319c:1', 'x'.repeat(128)])(
    'is the one that the ingress gave it: %s',
    async (id) => {
      expect(await idFor(id)).toBe(id);
    },
  );

  test.each([
    ['absent', undefined],
    ['empty', ''],
    ['too long for a log', 'x'.repeat(129)],
    ['two words', 'two words'],
    ['markup', '<b>'],
    ['two ids', 'one,two'],
  ])('is a new one when the one given is %s', async (_what, given) => {
    const [first, second] = [await idFor(given), await idFor(given)];
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    expect(second).not.toBe(first);
  });
});

describe('The probes', () => {
  test('say that the process lives, whatever its servers do', async () => {
    const health = new Health();
    health.watch('mongodb', () => false, { isNeeded: true });
    const answer = await request(appWith(() => undefined, { health })).get('/healthz');
    expect([answer.status, answer.body]).toEqual([200, { status: 'ok' }]);
  });

  test('say ready only between start and stop, and only with the servers that are needed', async () => {
    const health = new Health();
    const isUp = { mongodb: false, broker: false };
    health.watch('mongodb', () => isUp.mongodb, { isNeeded: true });
    health.watch('broker', () => isUp.broker, { isNeeded: false });
    const app = appWith(() => undefined, { health });
    const status = async () => (await request(app).get('/readyz')).status;

    expect(await status()).toBe(503);
    health.setServing(true);
    expect(await status()).toBe(503);
    isUp.mongodb = true;
    const ready = await request(app).get('/readyz');
    expect([ready.status, ready.body]).toEqual([
      200,
      {
        isReady: true,
        checks: { mongodb: { isUp: true, isNeeded: true }, broker: { isUp: false, isNeeded: false } },
      },
    ]);
    health.setServing(false);
    expect(await status()).toBe(503);
  });
});

describe('The metrics', () => {
  test('time requests by route and status, and never by what was in the address', async () => {
    const metrics = new Metrics('things');
    const app = appWith(
      (router) => {
        router.get('/', (_asked, response) => void response.json([]));
        router.get('/:id', (_asked, response) => void response.json({}));
      },
      { metrics },
    );
    await request(app).get('/api/things?q=secret');
    await request(app).get('/api/things/secret-1');
    await request(app).get('/api/things/secret-2');
    await request(app).get('/secret/of/nobody');

    const { text, status, type } = await request(app).get('/metrics');
    expect([status, type]).toEqual([200, 'text/plain']);
    const counts = text.split('\n').filter((line) => line.startsWith('http_request_duration_seconds_count'));
    expect(counts).toEqual([
      'http_request_duration_seconds_count{service="things",method="GET",route="/api/things",status="200"} 1',
      'http_request_duration_seconds_count{service="things",method="GET",route="/api/things/:id",status="200"} 2',
      'http_request_duration_seconds_count{service="things",method="GET",route="unmatched",status="404"} 1',
    ]);
    expect(text).not.toContain('secret');
    expect(text).toContain('process_resident_memory_bytes{service="things"}');
  });

  test('of two services in one process are their own', async () => {
    const [first, second] = [new Metrics('first'), new Metrics('second')];
    first.counter('things_total', 'Things').inc();
    second.counter('things_total', 'Things').inc(5);
    expect(await first.registry.getSingleMetricAsString('things_total')).toContain(
      'things_total{service="first"} 1',
    );
    expect(await second.registry.getSingleMetricAsString('things_total')).toContain(
      'things_total{service="second"} 5',
    );
  });

  test('of a gauge are asked for at each scrape', async () => {
    const metrics = new Metrics('things');
    let left = 3;
    metrics.gauge('things_left', 'Things left', [], (gauge) => {
      gauge.set(left);
    });
    expect(await metrics.registry.metrics()).toContain('things_left{service="things"} 3');
    left = 2;
    expect(await metrics.registry.metrics()).toContain('things_left{service="things"} 2');
  });
});

test('An answer tells nothing about what it was made with', async () => {
  const answer = await request(
    appWith((router) => router.get('/', (_asked, response) => void response.json([]))),
  ).get('/api/things');
  expect(answer.headers).not.toHaveProperty('x-powered-by');
});
