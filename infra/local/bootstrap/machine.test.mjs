import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertMachine } from './machine.mjs';

test('accepts the oldest Node it was made for, and every later one', () => {
  for (const version of ['20.19.0', '20.20.2', '22.1.0', '24.0.0']) assertMachine(version, 'linux');
});

test('refuses an older Node with a sentence that names both versions', () => {
  for (const version of ['18.20.4', '20.18.3', '20.9.0']) {
    assert.throws(() => assertMachine(version, 'linux'), {
      name: 'PlainFailure',
      message: /20\.19 or newer.*install/,
    });
  }
});

test('sends Windows to WSL', () => {
  assert.throws(() => assertMachine('24.0.0', 'win32'), { message: /WSL/ });
});
