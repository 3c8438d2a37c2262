// The pieces that event contracts are made of.
import { z } from 'zod';

/** A MongoDB ObjectId: 24 hexadecimal digits. */
export const objectId = z.string().regex(/^[0-9a-f]{24}$/);

/** How many changes the aggregate has had; 0 when it is new. */
export const version = z.int().nonnegative();

/** An amount in the currency's minor unit: 1999 is 19.99. */
export const minorUnits = z.int().positive();

/** RFC 3339, UTC. */
export const instant = z.iso.datetime();
