// Common's tracing against a collector. Here and not beside it, because OpenTelemetry's exporter imports as it goes, which
// jest's modules cannot.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { after, before, beforeEach, test } from 'node:test';
import { until } from '../local/wait.mjs';

const require = createRequire(import.meta.url);
const { Tracing } = require('../../common/dist/process/tracing.js');
const { newCause } = require('../../common/dist/events/contract.js');

/** @type {any[]} */
const received = [];
const collector = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (text) => (body += text));
  request.on('end', () => {
    received.push({ path: request.url, ...JSON.parse(body) });
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
});
let endpoint = '';
before(async () => {
  collector.listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const address = collector.address();
  endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
after(() => {
  collector.close();
  collector.closeAllConnections();
});
beforeEach(() => {
  received.length = 0;
});

/** @type {string[]} */
const warnings = [];
const logger = {
  warn: (/** @type {unknown} */ _context, /** @type {string} */ text) => warnings.push(text),
  debug: () => undefined,
};
const tracing = (/** @type {string | undefined} */ to) =>
  new Tracing({ name: 'orders', instance: 'orders-1' }, to, /** @type {any} */ (logger));
const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
/** @returns {import('../../common/dist/process/tracing.js').Span} */
const span = (/** @type {object} */ given = {}) => ({
  ...{ name: 'POST /api/orders', kind: 'server', cause: newCause(parent) },
  ...{ startMs: 1_700_000_000_000.25, endMs: 1_700_000_000_012.5 },
  attributes: { 'http.route': '/api/orders', 'http.response.status_code': 201 },
  ...given,
});
const spans = () =>
  received.flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap((/** @type {any} */ each) =>
      each.scopeSpans.flatMap((/** @type {any} */ s) => s.spans),
    ),
  );

test('a span is sent as OTLP in JSON, with its place in the trace and its service, when stopping at the latest', async () => {
  const on = tracing(`${endpoint}/`);
  await on.start();
  const made = span({ error: 'answered 500' });
  on.add(made);
  await on.stop();
  assert.equal(received[0]?.path, '/v1/traces');
  const resource = received[0].resourceSpans[0].resource.attributes;
  assert.ok(
    resource.some(
      (/** @type {any} */ each) => each.key === 'service.name' && each.value.stringValue === 'orders',
    ),
  );
  const [sent] = spans();
  assert.equal(spans().length, 1);
  assert.deepEqual(
    [sent.name, sent.kind, sent.traceId, sent.parentSpanId, sent.spanId, sent.status],
    [
      ...['POST /api/orders', 2, '0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'],
      ...[made.cause.traceparent.slice(36, 52), { code: 2, message: 'answered 500' }],
    ],
  );
  assert.equal(BigInt(sent.endTimeUnixNano) - BigInt(sent.startTimeUnixNano), 12_250_000n);
  assert.equal(BigInt(sent.startTimeUnixNano), 1_700_000_000_000_250_000n);
  assert.deepEqual(sent.attributes, [
    { key: 'http.route', value: { stringValue: '/api/orders' } },
    { key: 'http.response.status_code', value: { intValue: 201 } },
  ]);
});

test('what the beginner of a trace did not want recorded is not sent', async () => {
  const on = tracing(endpoint);
  await on.start();
  on.add(span({ cause: newCause(parent.replace(/01$/, '00')) }));
  on.add(span({ name: 'wanted' }));
  await on.stop();
  assert.deepEqual(
    spans().map(({ name }) => name),
    ['wanted'],
  );
});

test('without a collector it does nothing at all', async () => {
  const off = tracing(undefined);
  await off.start();
  off.add(span());
  await off.stop();
  assert.equal(off.isOn, false);
  assert.deepEqual(received, []);
});

test('a collector that is away is told once, and neither keeps anybody waiting nor fails', async () => {
  const away = tracing('http://127.0.0.1:1');
  await away.start();
  for (let count = 0; count < 6000; count++) away.add(span());
  assert.ok(await until(() => warnings.length > 0, { deadlineMs: 20_000 }));
  const began = Date.now();
  await away.stop();
  assert.ok(Date.now() - began < 4000);
  assert.deepEqual(warnings, ['traces could not be sent']);
});
