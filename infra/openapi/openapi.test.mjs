// The document in the repository is the one that the services serve, and keeps what was promised.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { documentFile, inYaml, wholeDocument } from './document.mjs';

test('docs/openapi.yaml is current: else run npm run openapi', async () => {
  assert.equal(readFileSync(documentFile, 'utf8'), await inYaml(wholeDocument()));
});
