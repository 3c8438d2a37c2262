// Dockerfiles, skaffold.yaml, workflows and manifests say the same of what there is to build, and pin what they use.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { root } from '../local/bootstrap/home.mjs';
import { runCommand } from '../local/command.mjs';
import { ensureTool } from '../k8s/test/tools.mjs';

/** @param {string} path */
const read = (path) => readFileSync(`${root}/${path}`, 'utf8');
/** @type {string[]} */
const workspaces = JSON.parse(read('package.json')).workspaces;
const built = workspaces.filter((name) => name !== 'common');
/** @param {string} folder */
const imageOf = (folder) => `ticketing/${folder.split('/').at(-1)}`;
const skaffold = parse(read('skaffold.yaml'));
const workflows = readdirSync(`${root}/.github/workflows`).map((name) => `.github/workflows/${name}`);

test('the Dockerfile installs for every workspace that it may be asked to build', () => {
  const dockerfile = read('Dockerfile');
  const copied = [...dockerfile.matchAll(/^COPY ([\w/-]+)\/package\.json \1\/$/gm)].map(([, name]) => name);
  const installed = [...dockerfile.matchAll(/ -w (\w[\w/-]*)/g)].map(([, name]) => name);
  const expected = workspaces.filter((name) => name !== 'client').sort();
  assert.deepEqual(copied.sort(), expected);
  assert.deepEqual([...new Set(installed)].sort(), expected);
});

test('images are made of a pinned Node, run as somebody who is not root, and without a shell between', () => {
  const bases = ['Dockerfile', 'client/Dockerfile'].map((path) => {
    const last =
      read(path)
        .split(/^FROM /m)
        .at(-1) ?? '';
    assert.match(last, /^USER 10001:10001$/m, path);
    assert.match(last, /^ENTRYPOINT \["node", /m, path);
    return /^ARG NODE=(node:\d+\.\d+\.\d+-\S+-slim)$/m.exec(read(path))?.[1];
  });
  assert.ok(bases[0]);
  assert.equal(bases[0], bases[1]);
});

test('skaffold builds every image that is deployed, for development and for production', () => {
  const images = (/** @type {any} */ { build }) =>
    build.artifacts.map((/** @type {any} */ { image }) => image).sort();
  assert.deepEqual(images(skaffold), built.map(imageOf).sort());
  const prod = skaffold.profiles.find((/** @type {any} */ { name }) => name === 'prod');
  const ours = built.filter((name) => !name.includes('emulator'));
  assert.deepEqual(images(prod), ours.map(imageOf).sort());
  for (const { image, docker } of [...skaffold.build.artifacts, ...prod.build.artifacts]) {
    const folder = docker.buildArgs?.SERVICE ?? 'client';
    assert.equal(imageOf(folder), image);
    assert.match(read(docker.dockerfile), new RegExp(`^FROM \\S+ AS ${docker.target}$`, 'm'));
  }
});

test('the workflows build every image, and deploy no emulator', () => {
  const matrix = (/** @type {string} */ path) => parse(read(path)).jobs.images.strategy.matrix.service.sort();
  assert.deepEqual(matrix('.github/workflows/ci.yaml'), built.toSorted());
  assert.deepEqual(
    matrix('.github/workflows/deploy.yaml'),
    built.filter((name) => !name.includes('emulator')).sort(),
  );
});

for (const path of workflows) {
  test(`${path} pins its actions, asks for little, and is bounded in time`, () => {
    const text = read(path);
    const uses = [...text.matchAll(/uses: (\S+)(.*)/g)];
    assert.ok(uses.length > 0);
    for (const [line, action = '', comment = ''] of uses) {
      assert.match(action, /^[\w./-]+@[0-9a-f]{40}$/, line);
      assert.match(comment, /^ # v\d+\.\d+\.\d+$/, line);
    }
    const { permissions, concurrency, jobs } = parse(text);
    assert.deepEqual(permissions, { contents: 'read' });
    assert.ok(concurrency.group);
    for (const [name, job] of Object.entries(jobs)) assert.ok(job['timeout-minutes'] <= 60, name);
    // What others can write into a pull request is never part of a script.
    assert.doesNotMatch(text, /run: .*\$\{\{/);
  });
}

test('actionlint finds nothing in the workflows', { timeout: 240_000 }, async () => {
  const actionlint = await ensureTool('actionlint');
  const outcome = await runCommand(actionlint, ['-no-color', ...workflows], {
    deadlineMs: 60_000,
    cwd: root,
  });
  assert.equal(outcome.output, '');
  assert.equal(outcome.code, 0);
});
