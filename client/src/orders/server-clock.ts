// The server's clock, as well as it can be known from here: how far ahead of ours it is, between two bounds.

export interface Sample {
  /** An answer's Date header, in ms: the whole second in which the server wrote it. */
  serverTime: number | undefined;
  /** By our clock. */
  sentAt: number;
  heardAt: number;
}

export interface Offset {
  least: number;
  most: number;
}

const secondMs = 1000;

/**
 * The server wrote the answer after we had asked and before we heard, in the second that it names. Every answer thus
 * bounds the offset from both sides; several, at different fractions of a second, leave little room.
 */
export function narrow(
  known: Offset | undefined,
  { serverTime, sentAt, heardAt }: Sample,
): Offset | undefined {
  if (serverTime === undefined) return known;
  const now = { least: serverTime - heardAt, most: serverTime + secondMs - sentAt };
  if (!known) return now;
  const both = { least: Math.max(known.least, now.least), most: Math.min(known.most, now.most) };
  // Contradictory: one of the clocks was set in between, and only the latest answer counts.
  return both.least <= both.most ? both : now;
}

/** How many ms the server's clock is ahead of ours, in the middle of what is possible. */
export const offsetMs = ({ least, most }: Offset): number => (least + most) / 2;
