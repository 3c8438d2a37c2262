// What a countdown shows and when it is said aloud.

/** Seconds left, as a person counts them: the last one ends at 0. */
export const secondsLeft = (leftMs: number): number => Math.max(0, Math.ceil(leftMs / 1000));

/** `1:05`; hours only where there are any. */
export function formatLeft(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  const tail = two(seconds % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${tail}` : `${minutes}:${tail}`;
}

/** Moments worth interrupting somebody for who does not see the digits. */
const moments = [300, 60, 30, 10, 0];

/** What to say when the display goes from one number of seconds to a lower one; at most one moment, the last. */
export function announcement(before: number, now: number): string | undefined {
  const passed = moments.filter((moment) => before > moment && now <= moment).at(-1);
  if (passed === undefined) return undefined;
  if (passed === 0) return 'The time is up.';
  return passed >= 120 ? `${passed / 60} minutes left to pay.` : `${passed} seconds left to pay.`;
}
