import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchesLock } from './packages.mjs';

/** @param {Record<string, object>} packages */
const lock = (packages) => JSON.stringify({ lockfileVersion: 3, packages });
const express = { version: '5.3.0', integrity: 'sha512-a' };

test('what npm installed by itself counts when it is what the lock file says', () => {
  const wanted = lock({ '': { name: 'x' }, auth: {}, 'node_modules/express': express });
  assert.equal(matchesLock(wanted, lock({ 'node_modules/express': { ...express, license: 'MIT' } })), true);
});

test('another version, other contents or a missing package do not', () => {
  const wanted = lock({ 'node_modules/express': express });
  assert.equal(
    matchesLock(wanted, lock({ 'node_modules/express': { ...express, version: '5.2.0' } })),
    false,
  );
  assert.equal(
    matchesLock(wanted, lock({ 'node_modules/express': { ...express, integrity: 'sha512-b' } })),
    false,
  );
  assert.equal(matchesLock(wanted, lock({})), false);
});

test('a new workspace, which is a link, is missing too', () => {
  const wanted = lock({ 'node_modules/@ticketing/sixth': { resolved: 'sixth', link: true } });
  assert.equal(matchesLock(wanted, lock({})), false);
});

test('a package inside a workspace counts as well', () => {
  assert.equal(matchesLock(lock({ 'auth/node_modules/express': express }), lock({})), false);
});

test('packages for other platforms may be missing', () => {
  assert.equal(
    matchesLock(lock({ 'node_modules/only-mac': { ...express, optional: true } }), lock({})),
    true,
  );
});
