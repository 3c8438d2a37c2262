// One supervised process: started, watched until it is ready, started again when it dies, stopped within a deadline.
import { PlainFailure } from '../failure.mjs';
import { pause, until, within } from '../wait.mjs';
import { STEADY_MS, restartDelay } from './backoff.mjs';
import { launch } from './launch.mjs';
import { noteInLog, tail } from './log-file.mjs';
import { partLabel } from './part-names.mjs';
import { memoryBytes, signalProcess } from './process-identity.mjs';

/**
 * @typedef {object} PartDefinition
 * @property {string} name
 * @property {number} replica from 1
 * @property {number} of how many replicas there are
 * @property {number} port
 * @property {string} url
 * @property {import('./launch.mjs').Command} command
 * @property {string} logFile
 * @property {() => Promise<boolean>} isReady asks the process itself; never rejects, and has a short deadline
 * @property {readonly string[]} needs the parts whose first readiness it waits for
 * @property {number} stopsIn the parts of round 1 are stopped first
 */

/** @typedef {'starting' | 'ready' | 'unready' | 'failed' | 'stopped' | 'external'} PartState */
/** @typedef {{ record: (name: string, pid: number) => void, say: (line: string) => void }} PartContext */

const STOP_DEADLINE_MS = 10_000;
const KILL_DEADLINE_MS = 5_000;
const HOPELESS_DEATHS = 5;

export class Part {
  /** @type {import('./launch.mjs').Launched | undefined} */
  #process;
  /** @type {NodeJS.Timeout | undefined} */
  #restartTimer;
  /** @type {PartState} */
  #state = 'stopped';
  #earlyDeaths = 0;
  #wasReady = false;
  #killedOnPurpose = false;
  #restarts = 0;

  /**
   * @param {PartDefinition} definition
   * @param {PartContext} context
   */
  constructor(definition, context) {
    this.definition = definition;
    this.context = context;
    this.label = partLabel(definition);
  }

  /** Wants it up: starts it now, unless it runs. */
  start() {
    clearTimeout(this.#restartTimer);
    if (this.#process === undefined) this.#launch();
  }

  /** Wants it down, until start(): asks, and kills when it does not listen. */
  async stop({ deadlineMs = STOP_DEADLINE_MS } = {}) {
    clearTimeout(this.#restartTimer);
    this.#state = 'stopped';
    const running = this.#process;
    if (running?.pid === undefined) return;
    signalProcess(running.pid, 'SIGTERM');
    if (await until(() => this.#process !== running, { deadlineMs, everyMs: 10 })) return;
    noteInLog(this.definition.logFile, `did not stop within ${deadlineMs} ms and was killed`);
    await this.#sigkill(running);
  }

  /** SIGKILL; the supervisor brings it back, without the growing delay of one that dies by itself. */
  async kill() {
    if (this.#process === undefined) throw new PlainFailure(`${this.label} is not running.`);
    this.#killedOnPurpose = true;
    await this.#sigkill(this.#process);
  }

  /** Without waiting, for the end of the supervisor itself. */
  killNow() {
    clearTimeout(this.#restartTimer);
    this.#state = 'stopped';
    if (this.#process?.pid !== undefined) signalProcess(this.#process.pid, 'SIGKILL', { group: true });
  }

  /** @param {{ deadlineMs: number, signal?: AbortSignal | undefined }} options */
  async whenReady({ deadlineMs, signal }) {
    const isReady = async () => {
      if (this.#state === 'stopped') throw new PlainFailure(`${this.label} was stopped before it was ready.`);
      if (this.#state === 'failed' && !this.#wasReady && this.#earlyDeaths >= HOPELESS_DEATHS) {
        throw await this.#failure(`ended ${this.#earlyDeaths} times in a row instead of becoming ready`);
      }
      return (await this.#refresh()) === 'ready';
    };
    if (await until(isReady, { deadlineMs, everyMs: 25, signal })) return;
    throw await this.#failure(`was not ready within ${deadlineMs / 1000} s`);
  }

  /** One row of `status`. */
  async describe() {
    const state = await this.#refresh();
    const pid = this.#process?.pid ?? null;
    const { name, replica, port, url } = this.definition;
    const bytes = pid === null ? null : memoryBytes(pid);
    return { name, replica, pid, port, url, state, restarts: this.#restarts, memoryBytes: bytes };
  }

  #launch() {
    const launched = launch(this.definition.command, this.definition.logFile);
    const startedAt = Date.now();
    this.#process = launched;
    this.#state = 'starting';
    if (launched.pid !== undefined) this.context.record(this.label, launched.pid);
    void launched.ended.then((how) => {
      this.#process = undefined;
      if (this.#state !== 'stopped') this.#bringBack(how, Date.now() - startedAt);
    });
    void this.#watchUntilReady(launched);
  }

  /**
   * @param {string} how it ended
   * @param {number} upMs
   */
  #bringBack(how, upMs) {
    this.#state = 'failed';
    this.#earlyDeaths = upMs >= STEADY_MS || this.#killedOnPurpose ? 1 : this.#earlyDeaths + 1;
    this.#killedOnPurpose = false;
    const delayMs = restartDelay(this.#earlyDeaths);
    noteInLog(this.definition.logFile, `ended (${how}); starting again in ${delayMs} ms`);
    this.context.say(`${this.label} ended (${how}); starting it again in ${delayMs} ms`);
    this.#restartTimer = setTimeout(() => {
      this.#restarts++;
      this.#launch();
    }, delayMs);
  }

  /** @param {import('./launch.mjs').Launched} launched */
  async #watchUntilReady(launched) {
    const since = Date.now();
    const isStarting = () => this.#process === launched && this.#state === 'starting';
    while (isStarting()) {
      if ((await this.definition.isReady()) && isStarting()) {
        this.#state = 'ready';
        this.#wasReady = true;
      } else await pause(Date.now() - since < 15_000 ? 50 : 500);
    }
  }

  /** Asks one that was ready whether it still is. */
  async #refresh() {
    const wasUp = () => this.#state === 'ready' || this.#state === 'unready';
    if (!wasUp()) return this.#state;
    const asked = this.#process;
    const ready = await this.definition.isReady();
    // Meanwhile it may have been stopped, or have died and been started again.
    if (wasUp() && this.#process === asked) this.#state = ready ? 'ready' : 'unready';
    return this.#state;
  }

  /** @param {import('./launch.mjs').Launched} running */
  async #sigkill(running) {
    if (running.pid !== undefined) signalProcess(running.pid, 'SIGKILL', { group: true });
    await within(running.ended, KILL_DEADLINE_MS, `killing ${this.label}`);
  }

  /** @param {string} what */
  async #failure(what) {
    const { text } = await tail(this.definition.logFile, 15);
    const detail = text.replace(/^(.{400}).+$/gm, '$1…'); // a line of JSON with a stack in it can be very long
    return new PlainFailure(`${this.label} ${what}; its log says why: ${this.definition.logFile}`, {
      detail,
    });
  }
}
