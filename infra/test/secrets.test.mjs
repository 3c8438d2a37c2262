// No secret is kept in the repository: everything that git would commit is looked through for the forms that keys have.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../local/bootstrap/home.mjs';

const maxBytes = 2_000_000;

/** By what they are. Written in pieces, so that this file is none of them. @type {Record<string, RegExp>} */
const forms = {
  'a private key': new RegExp('-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\\s+[A-Za-z0-9+/]{20}'),
  'a live key of Stripe': new RegExp('\\b[sr]k_' + 'live_[A-Za-z0-9]{24,}'),
  "a test key of somebody's Stripe account": new RegExp('\\b[sr]k_' + 'test_[A-Za-z0-9]{24,}'),
  'a secret of a webhook': new RegExp('\\bwhsec_' + '[A-Za-z0-9+/]{32,}'),
  'a key of AWS': new RegExp('\\bA' + '(?:KIA|SIA)[A-Z0-9]{16}\\b'),
  'a token of GitHub': new RegExp('\\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_' + 'pat_\\w{60,})'),
  'a token of npm': new RegExp('\\bnpm_' + '[A-Za-z0-9]{36}\\b'),
  'a token of Slack': new RegExp('\\bxox' + '[abposr]-[A-Za-z0-9-]{10,}'),
  'a token of DigitalOcean': new RegExp('\\bdo[opr]_v1_' + '[a-f0-9]{64}\\b'),
  'a key of Google': new RegExp('\\bAIza' + '[\\w-]{35}\\b'),
  'a password in a URL': new RegExp(
    '\\b(?:mongodb(?:\\+srv)?|rediss?|nats|postgres)://[^\\s:@/\'"`$]+:[^\\s@/\'"`$*]{12,}@(?!.*\\.(?:test|example)\\b)',
  ),
};

/** @param {string} text @returns {string[]} */
const secretsIn = (text) => Object.entries(forms).flatMap(([name, form]) => (form.test(text) ? name : []));

/** What is committed, or would be. */
function files() {
  try {
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      ...{ cwd: root, encoding: 'utf8', maxBuffer: 50_000_000 },
    });
    return listed.split('\0').filter(Boolean);
  } catch {
    return undefined; // a copy without git, from which nothing is committed
  }
}

test('nothing that git would commit holds a secret', (context) => {
  const listed = files();
  if (!listed) return context.skip('this is no git repository');
  assert.ok(listed.length > 100);
  const found = listed.flatMap((file) => {
    const stat = statSync(join(root, file), { throwIfNoEntry: false });
    if (!stat?.isFile() || stat.size > maxBytes) return [];
    return secretsIn(readFileSync(join(root, file), 'utf8')).map((name) => `${file}: ${name}`);
  });
  assert.deepEqual(found, []);
});

test('the forms of keys are known', () => {
  const letters = 'aB3dE5gH7jK9mN1pQ2sT4vW6xY8z'.repeat(3);
  const keys = {
    'a private key': `-----BEGIN RSA PRIVATE KEY-----\n${letters}`,
    'a live key of Stripe': `sk_${'live'}_${letters}`,
    "a test key of somebody's Stripe account": `rk_${'test'}_${letters}`,
    'a secret of a webhook': `whsec_${letters}`,
    'a key of AWS': `AKIA${'A1B2C3D4E5F6G7H8'}`,
    'a token of GitHub': `ghp_${letters.slice(0, 36)}`,
    'a token of npm': `npm_${letters.slice(0, 36)}`,
    'a token of Slack': `xoxb-${letters}`,
    'a token of DigitalOcean': `dop_v1_${'0123456789abcdef'.repeat(4)}`,
    'a key of Google': `AIza${letters.slice(0, 35)}`,
    'a password in a URL': `mongodb://admin:${letters}@db.ours.dev/orders`,
  };
  for (const [name, text] of Object.entries(keys)) assert.deepEqual(secretsIn(`KEY=${text}\n`), [name]);
  for (const harmless of ['sk_test_local', 'sk_test_51Abc', 'mongodb://u:p@db/', 'AKIA', 'tok_visa']) {
    assert.deepEqual(secretsIn(harmless), []);
  }
});
