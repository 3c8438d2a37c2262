// The document in the repository is the one that the services serve, leaves none of them out, and keeps what was promised.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { readRoutes } from '../local/gateway/ingress.mjs';
import { breaks } from './breaks.mjs';
import { documentFile, documents, inYaml, releasedFile, wholeDocument } from './document.mjs';

test('docs/openapi.yaml is current: else run npm run openapi', async () => {
  assert.equal(readFileSync(documentFile, 'utf8'), await inYaml(wholeDocument()));
});

test('every service that the ingress lets through to is in it', () => {
  const manifest = readFileSync(new URL('../k8s/base/ingress.yaml', import.meta.url), 'utf8');
  const doors = readRoutes(manifest)
    .map(({ path }) => path)
    .filter((path) => path.startsWith('/api/'));
  assert.ok(doors.length >= 4);
  const covered = documents().map(({ paths }) => Object.keys(paths));
  for (const door of doors) {
    assert.ok(
      covered.some((paths) => paths.every((path) => path === door || path.startsWith(`${door}/`))),
      `nobody documents ${door}: see infra/openapi/apis.cjs`,
    );
  }
});

test('every operation has an id of its own', () => {
  const ids = documents().flatMap(({ paths }) =>
    Object.values(paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId)),
  );
  assert.deepEqual(ids, [...new Set(ids)]);
});

// What is broken on purpose is a new version: see .github/CONTRIBUTING.md.
test('nothing is broken that existing clients were promised', () => {
  assert.deepEqual(breaks(parse(readFileSync(releasedFile, 'utf8')), wholeDocument()), []);
});
