// How long the supervisor waits before it starts again what died.

const FIRST_MS = 100;
const LONGEST_MS = 5_000;

/** A part that stayed up this long has recovered: its next death counts as the first. */
export const STEADY_MS = 10_000;

/**
 * 100 ms, doubling to 5 s. It never gives up: an outage of any length ends by itself.
 * @param {number} earlyDeaths how many deaths in a row, this one included, came before the part was steady
 * @returns {number} milliseconds
 */
export function restartDelay(earlyDeaths) {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(Math.max(earlyDeaths, 1) - 1, 20));
}
