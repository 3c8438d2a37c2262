// All parts of one system: started as their needs allow, driven by name, stopped in order.
import { PlainFailure } from '../failure.mjs';
import { Part } from './part.mjs';
import { selectParts } from './part-names.mjs';

/**
 * @typedef {object} PartStatus
 * @property {string} name
 * @property {number} replica
 * @property {number | null} pid
 * @property {number | null} port
 * @property {string} url
 * @property {import('./part.mjs').PartState} state
 * @property {number} restarts
 * @property {number | null} memoryBytes
 */

/** @typedef {{ name: string, url: string }} ExternalPart a server given by URL: shown, never touched */

const READY_DEADLINE_MS = 60_000;

export class Supervisor {
  /** @type {Part[]} */
  #parts;
  /** @type {readonly ExternalPart[]} */
  #externals;
  /** @type {Map<Part, Promise<unknown>>} */
  #turns = new Map();

  /**
   * @param {readonly import('./part.mjs').PartDefinition[]} definitions
   * @param {import('./part.mjs').PartContext & { externals?: readonly ExternalPart[] }} context
   */
  constructor(definitions, context) {
    this.#parts = definitions.map((definition) => new Part(definition, context));
    this.#externals = context.externals ?? [];
  }

  /**
   * Resolves once every part is ready; each starts as soon as what it needs is.
   * @param {{ signal?: AbortSignal, deadlineMs?: number }} [options]
   */
  async startAll({ signal, deadlineMs = READY_DEADLINE_MS } = {}) {
    /** @type {Map<Part, Promise<void>>} */
    const started = new Map();
    /** @param {Part} part @returns {Promise<void>} */
    const ready = (part) => {
      const earlier = started.get(part);
      if (earlier !== undefined) return earlier;
      const needed = this.#parts.filter(({ definition }) => part.definition.needs.includes(definition.name));
      const promise = (async () => {
        await Promise.all(needed.map(ready));
        signal?.throwIfAborted();
        part.start();
        await part.whenReady({ deadlineMs, signal });
      })();
      started.set(part, promise);
      return promise;
    };
    await Promise.all(this.#parts.map(ready));
  }

  /** Round after round, each part within its deadline; failures of single parts don't keep the others up. */
  async stopAll() {
    const rounds = [...new Set(this.#parts.map(({ definition }) => definition.stopsIn))].sort(
      (a, b) => a - b,
    );
    const failures = [];
    for (const round of rounds) {
      const parts = this.#parts.filter(({ definition }) => definition.stopsIn === round);
      const outcomes = await Promise.allSettled(parts.map((part) => part.stop()));
      failures.push(
        ...outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason),
      );
    }
    if (failures.length > 0) throw new AggregateError(failures, 'some parts could not be stopped');
  }

  killAllNow() {
    for (const part of this.#parts) part.killNow();
  }

  /** @returns {Promise<PartStatus[]>} */
  async describe() {
    const externals = this.#externals.map(({ name, url }) => ({
      ...{ name, replica: 1, pid: null, port: null, url },
      ...{ state: /** @type {const} */ ('external'), restarts: 0, memoryBytes: null },
    }));
    return [...(await Promise.all(this.#parts.map((part) => part.describe()))), ...externals];
  }

  /**
   * Resolves when it is done: stopped and down, started and ready, or killed.
   * @param {'stop' | 'start' | 'kill'} action
   * @param {string} name
   */
  async perform(action, name) {
    const parts = this.#select(name);
    if (action === 'stop') await Promise.all(parts.map((part) => this.#inTurn(part, () => part.stop())));
    if (action === 'kill') await Promise.all(parts.map((part) => this.#inTurn(part, () => part.kill())));
    if (action === 'start') {
      await Promise.all(parts.map((part) => this.#inTurn(part, async () => part.start())));
      await Promise.all(parts.map((part) => part.whenReady({ deadlineMs: READY_DEADLINE_MS })));
    }
  }

  /** @param {string} name */
  #select(name) {
    const external = this.#externals.find((part) => part.name === name);
    if (external) {
      throw new PlainFailure(`${name} was given by its URL, so it is not this system's to stop or start.`);
    }
    /** @type {{ name: string, replica: number, part?: Part }[]} */
    const all = this.#parts.map((part) => ({
      name: part.definition.name,
      replica: part.definition.replica,
      part,
    }));
    return selectParts(name, all).flatMap(({ part }) => part ?? []);
  }

  /**
   * One command at a time for each part: a start that meets a stop still under way begins after it.
   * @param {Part} part
   * @param {() => Promise<void>} command
   */
  #inTurn(part, command) {
    const turn = (this.#turns.get(part) ?? Promise.resolve()).then(command);
    this.#turns.set(
      part,
      turn.catch(() => undefined),
    ); // its caller gets the failure
    return turn;
  }
}
