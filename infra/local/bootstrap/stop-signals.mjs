// Ctrl-C and its kin: the first one asks for an orderly stop, a second one forces it.
import { setMaxListeners } from 'node:events';

/** npm passes on a Ctrl-C that the terminal has sent to this process already: within this time they are one. */
const SAME_KEYSTROKE_MS = 500;

/**
 * @param {() => void} force
 * @returns {AbortSignal} fires when the system is to stop
 */
export function onStopSignals(force) {
  const controller = new AbortController();
  // Every part that is starting listens to it, and there may be eighty.
  setMaxListeners(0, controller.signal);
  let firstAt = 0;
  const receive = () => {
    if (firstAt === 0) {
      firstAt = Date.now();
      controller.abort(new Stopped());
    } else if (Date.now() - firstAt > SAME_KEYSTROKE_MS) force();
  };
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, receive);
  return controller.signal;
}

/** Whatever was under way when the stop was asked for ends with this; it is no failure. */
export class Stopped extends Error {
  constructor() {
    super('stopped');
    this.name = 'Stopped';
  }
}
