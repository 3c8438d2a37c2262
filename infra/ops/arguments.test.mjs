import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readArguments } from './arguments.mjs';

const id = '0123456789abcdef01234567';

test('reads every command with its options', () => {
  assert.deepEqual(readArguments(['relay']), { command: 'relay', json: false });
  assert.deepEqual(readArguments(['order', id.toUpperCase(), '--json']), {
    command: 'order',
    id,
    json: true,
  });
  assert.deepEqual(readArguments(['reconcile']), {
    ...{ command: 'reconcile', json: false, repair: false, sinceHours: 24 },
  });
  assert.deepEqual(readArguments(['reconcile', '--repair', '--since', '2']), {
    ...{ command: 'reconcile', json: false, repair: true, sinceHours: 2 },
  });
  assert.deepEqual(readArguments(['set-aside', 'replay', 'order:created/17', '--service=tickets']), {
    ...{ command: 'set-aside', action: 'replay', ids: ['order:created/17'], services: ['tickets'] },
  });
  assert.deepEqual(readArguments(['--help']), { command: 'help' });
});

/** @type {[string[], RegExp][]} */
const refusals = [
  [[], /^A command is missing/],
  [['relays'], /^There is no command "relays"/],
  [['relay', 'orders'], /^relay takes no "orders"/],
  [['relay', '--repair'], /^relay takes no --repair/],
  [['order'], /24 hexadecimal digits/],
  [['order', 'abc'], /24 hexadecimal digits/],
  [['order', id, id], /24 hexadecimal digits/],
  [['reconcile', '--since', '-1'], /since/],
  [['reconcile', '--since', '0'], /^--since is "0"/],
  [['reconcile', '--sicne', '3'], /sicne/],
  [['set-aside'], /"list", "replay" or "forget"/],
  [['set-aside', 'list', 'order:created/1'], /takes no messages/],
  [['set-aside', 'forget'], /needs the messages/],
  [['set-aside', 'replay', '17'], /"17" is no message/],
  [['set-aside', 'list', '--service', 'auth'], /no service "auth"/],
];
for (const [argv, message] of refusals) {
  test(`"${argv.join(' ')}" is refused with its reason, the usage and exit code 2`, () => {
    assert.throws(() => readArguments(argv), {
      name: 'PlainFailure',
      exitCode: 2,
      message,
      detail: /npm run ops/,
    });
  });
}
