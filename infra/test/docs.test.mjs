// The documents' tables say what the code says: errors, environment, events, folders.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { environmentRows, errorRows, eventNames, services } from './tables.mjs';

/** @param {string} path */
const read = (path) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

/** Rows of a table as cells: the formatter's padding does not count. @param {string} row */
const cells = (row) =>
  row
    .split('|')
    .map((cell) => cell.trim())
    .join('|');

/** @param {string} markdown @param {string} heading the rows of the first table under it, without its head */
function tableUnder(markdown, heading) {
  const section = markdown.split(`\n${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map(cells);
}

const readme = read('README.md');

test('the README lists every error code with its status and sentence, and no other', () => {
  const listed = readme
    .split('\n')
    .map(cells)
    .filter((row) => /^\|`[a-z]+\.[a-z_]+`\|/.test(row));
  const expected = errorRows().map(cells);
  assert.deepEqual(listed.filter((row) => !row.startsWith('|`gateway.')).sort(), expected.sort());
});

test('the README lists every event, and no other', () => {
  const listed = tableUnder(readme, '## Events').map((row) => row.split('|')[1]?.replaceAll('`', ''));
  assert.deepEqual(listed.sort(), eventNames().sort());
});

test("the README's event table names who publishes and who listens as the services' code does", () => {
  for (const row of tableUnder(readme, '## Events')) {
    const [, name = '', , publisher = '', listeners = ''] = row.split('|');
    const contract = name
      .replaceAll('`', '')
      .split(':')
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join('');
    for (const service of services) {
      if (service === 'auth') continue;
      const listens = read(`${service}/src/service.ts`);
      // A contract is a listener's when service.ts, the table of contents, names it.
      assert.equal(
        listeners.split(', ').includes(service),
        listens.includes(contract),
        `${service} and ${contract}`,
      );
    }
    assert.match(read(`${publisher}/README.md`), new RegExp(`Publishes: .*\`${name.replaceAll('`', '')}\``));
  }
});

for (const service of services) {
  test(`the README of ${service} lists its environment as config.ts has it`, () => {
    const markdown = read(`${service}/README.md`);
    assert.deepEqual(tableUnder(markdown, '## Environment'), environmentRows(service).map(cells));
    assert.ok(markdown.split('\n').length <= 60, 'at most 60 lines');
  });
}

test('every folder and file that a document links to is there', () => {
  const documents = [
    'README.md',
    'docs/guarantees.md',
    'docs/operating.md',
    'client/README.md',
    ...services.map((name) => `${name}/README.md`),
  ];
  for (const path of documents) {
    for (const [, link = ''] of read(path).matchAll(/\]\((?!https?:)([^)#]+)/g)) {
      const target = fileURLToPath(new URL(link, new URL(`../../${path}`, import.meta.url)));
      assert.ok(existsSync(target), `${path} links to ${link}`);
    }
  }
});
