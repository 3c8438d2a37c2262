// What an event is here: a CloudEvents 1.0 envelope around data that a contract's schema describes.
import { randomBytes } from 'node:crypto';
import { z } from 'zod';

/** CloudEvents 1.0 in JSON (https://github.com/cloudevents/spec), with the distributed-tracing extension. */
export interface CloudEvent<D> {
  specversion: '1.0';
  /** Unique within `source`: the aggregate's id and its version, so a repeat has the id of the first. */
  id: string;
  /** The service that says it, as a path: `/orders`. */
  source: string;
  type: string;
  /** The id of the aggregate it is about. */
  subject: string;
  /** When it happened, RFC 3339. */
  time: string;
  datacontenttype: 'application/json';
  /** W3C Trace Context of the request that caused it. */
  traceparent: string;
  data: D;
}

/** The one place where an event's name (also its channel at the broker) and the shape of its data stand. */
export interface Contract<D> {
  readonly type: string;
  /** The whole message: envelope and data. */
  readonly schema: z.ZodType<CloudEvent<D>>;
}

const traceparentPattern = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * Declares an event.
 *
 * @example
 * export const TicketCreated = defineEvent('ticket:created', z.object({ id: objectId, version, title: z.string() }));
 */
export function defineEvent<D>(type: string, data: z.ZodType<D>): Contract<D> {
  const schema = z.object({
    specversion: z.literal('1.0'),
    id: z.string().min(1),
    source: z.string().min(1),
    type: z.literal(type),
    subject: z.string().min(1),
    time: z.iso.datetime(),
    datacontenttype: z.literal('application/json'),
    traceparent: z.string().regex(traceparentPattern),
    data,
  });
  return { type, schema: schema };
}

/** What brought a change about: a request or an earlier event. It lends the new event its trace. */
export interface Cause {
  traceparent: string;
  /** The place in the trace of what led to this one, where that is known; for spans alone. */
  parent?: string;
  /** Begun here: nobody has told us of a trace that it belongs to. */
  isOwn?: boolean;
}

/** A request, as far as its trace is concerned. */
interface Traced {
  headers: NodeJS.Dict<string | string[]>;
  /** Found out once. */
  cause?: Cause;
}

/** The trace that the sender of a request has begun, if it says so in a form that can be believed. */
export function traceparentOf({ headers }: Traced): string | undefined {
  const traceparent = headers['traceparent'];
  return typeof traceparent === 'string' && traceparentPattern.test(traceparent) ? traceparent : undefined;
}

/** The trace of a request by its headers, or a new one; the same one however often it is asked for. */
export function causeOf(request: Traced): Cause {
  if (!request.cause) {
    const traceparent = traceparentOf(request);
    request.cause = traceparent === undefined ? newCause() : { traceparent };
  }
  return request.cause;
}

/**
 * A cause of its own, for what no request asked for (a reconciliation, say).
 *
 * @param parent where given, the new one is a step in that trace
 */
export function newCause(parent?: string): Cause {
  const step = randomBytes(8).toString('hex');
  return parent === undefined
    ? { traceparent: `00-${randomBytes(16).toString('hex')}-${step}-01`, isOwn: true }
    : { traceparent: `${parent.slice(0, 36)}${step}${parent.slice(52)}`, parent };
}

/**
 * Makes a request a step in the trace of what it is about (paying, of the order's), unless its sender has begun one
 * itself. It changes the cause, because that is the request's own, and its log and span come last.
 */
export function joinTrace(cause: Cause, traceparent: string | undefined): void {
  if (!cause.isOwn || traceparent === undefined) return;
  cause.traceparent = `${traceparent.slice(0, 36)}${cause.traceparent.slice(36)}`;
  cause.parent = traceparent;
  cause.isOwn = false;
}

/** The 32 hexadecimal digits that all of one trace have in common: what logs are searched by. */
export const traceIdOf = ({ traceparent }: Cause): string => traceparent.slice(3, 35);

/**
 * Wraps data in its envelope.
 *
 * @param source the service's name
 * @param subject the aggregate's id
 * @param version the aggregate's version after the change
 */
export function createEvent<D>(
  contract: Contract<D>,
  data: D,
  { source, subject, version, cause }: { source: string; subject: string; version: number; cause: Cause },
): CloudEvent<D> {
  return {
    specversion: '1.0',
    id: `${subject}.${version}`,
    source: `/${source}`,
    type: contract.type,
    subject,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    traceparent: cause.traceparent,
    data,
  };
}

/** A message that is no event of this contract; it will not become one by being delivered again. */
export class MalformedEvent extends Error {
  override readonly name = 'MalformedEvent';
}

/**
 * Reads a message as an event of the contract. Unknown fields of the data are dropped, so contracts can grow.
 *
 * @throws MalformedEvent saying what does not fit
 */
export function parseEvent<D>(contract: Contract<D>, message: string): CloudEvent<D> {
  let json: unknown;
  try {
    json = JSON.parse(message);
  } catch (error) {
    throw new MalformedEvent('The message is not JSON.', { cause: error });
  }
  const parsed = contract.schema.safeParse(json);
  if (!parsed.success) throw new MalformedEvent(z.prettifyError(parsed.error));
  return parsed.data;
}
