import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { MongoClient } from 'mongodb';
import { freePorts } from '../parts/ports.mjs';
import { until } from '../wait.mjs';
import { ensureServers, isMongoReady, mongodCommand } from './index.mjs';

test('kept data is a working replica set again on another port', { timeout: 120_000 }, async () => {
  const { mongod: binary } = await ensureServers({ log: () => {}, only: ['mongod'] });
  const dataFolder = await mkdtemp(join(tmpdir(), 'ticketing-mongo-'));
  try {
    const [first = 0, second = 0] = await freePorts(2);
    await withMongod({ binary, port: first, dataFolder }, async (tickets) => {
      await tickets.insertOne({ title: 'kept' }, { writeConcern: { w: 'majority' } });
    });
    await withMongod({ binary, port: second, dataFolder }, async (tickets) => {
      assert.equal(await tickets.countDocuments({ title: 'kept' }), 1);
      await tickets.insertOne({ title: 'new' }, { writeConcern: { w: 'majority' } });
    });
    await withMongod({ binary, port: second, dataFolder }, async (tickets) => {
      assert.equal(await tickets.countDocuments(), 2);
    });
  } finally {
    await rm(dataFolder, { recursive: true, force: true });
  }
});

/**
 * @param {{ binary: string, port: number, dataFolder: string }} options
 * @param {(tickets: import('mongodb').Collection) => Promise<void>} use
 */
async function withMongod(options, use) {
  const { program, args } = mongodCommand(options);
  const server = spawn(program, args, { stdio: 'ignore' });
  const ended = once(server, 'exit');
  try {
    assert.ok(await until(() => isMongoReady(options.port), { deadlineMs: 30_000 }), 'it became a primary');
    // By the set's name, as the services do: the member's address has to be the present one.
    const client = new MongoClient(`mongodb://127.0.0.1:${options.port}/?replicaSet=rs0`);
    try {
      await use(client.db('test').collection('tickets'));
    } finally {
      await client.close();
    }
  } finally {
    server.kill('SIGTERM');
    await ended;
  }
}
