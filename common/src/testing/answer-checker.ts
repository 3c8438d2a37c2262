// Holds answers against the tables that the documents are made from: what they do not tell is a problem.
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { refusalsOf, type Answer, type Api, type Operation } from '../openapi';

export interface Exchange {
  method: string;
  /** With its query. */
  url: string;
  /** Whether the request had a body. */
  hasBody: boolean;
  status: number;
  contentType: string | undefined;
  text: string;
}

interface Place {
  /** As its table has it: `GET /:id`. */
  route: string;
  pattern: RegExp;
  operation: Operation;
}

const refused = z.strictObject({
  errors: z
    .array(
      z.strictObject({ message: z.string().min(1), field: z.string().min(1).optional(), code: z.string() }),
    )
    .min(1),
});

/** A body is looked at before it is known which route is meant, also where none is asked for. */
const aboutTheBody = ['request.malformed_json', 'request.too_large', 'request.unsupported_body'];

export class AnswerChecker {
  /** What has been answered as documented: `seeTicket 404 tickets.not_found`. */
  readonly seen = new Set<string>();
  private readonly places: Place[];

  constructor(apis: Api[]) {
    const places = apis.flatMap((api) =>
      Object.entries(api.operations).map(([route, operation]): Place => {
        const path = route.replace(/^[A-Z]+ /, '');
        const whole = `${api.path}${path === '/' ? '' : path}`;
        return { route, pattern: new RegExp(`^${whole.replaceAll(/:\w+/g, '[^/]+')}/?$`), operation };
      }),
    );
    // What is spelt out goes before what has a parameter, as in the routers.
    this.places = places.sort((a, b) => Number(a.route.includes(':')) - Number(b.route.includes(':')));
  }

  /** @returns what is wrong, in a sentence that names the request; undefined when all is as documented */
  problemWith(exchange: Exchange): string | undefined {
    const problem = this.find(exchange);
    const { method, url, status, text } = exchange;
    return problem && `${method} ${url} answered ${status} ${text.slice(0, 200)}: ${problem}`;
  }

  private find(exchange: Exchange): string | undefined {
    const { method, url, hasBody, status, text } = exchange;
    const verb = method === 'HEAD' ? 'GET' : method;
    const path = url.split('?')[0] ?? '';
    const place = this.places.find((one) => one.route.startsWith(`${verb} `) && one.pattern.test(path));
    if (!place) return status >= 400 && status < 500 ? undefined : 'this operation is not documented';
    const { operation } = place;
    const documented = operation.answers[status];
    if (documented) {
      const problem = misfit(documented, exchange);
      if (!problem) this.seen.add(`${operation.id} ${status}`);
      return problem;
    }
    if (method === 'HEAD') return undefined; // a refusal without its body
    const errors = refused.safeParse(parsed(text));
    if (!errors.success) return `${status} is not documented, nor is this a refusal`;
    for (const { code } of errors.data.errors) {
      if (hasBody && !operation.body && aboutTheBody.includes(code)) continue;
      const isTold = refusalsOf(place.route, operation).some(
        (refusal) => refusal.status === status && refusal.code === code,
      );
      if (!isTold) return `the document does not tell of ${status} ${code}`;
      this.seen.add(`${operation.id} ${status} ${code}`);
    }
    return undefined;
  }
}

function misfit(documented: Answer, { method, contentType, text }: Exchange): string | undefined {
  const { schema, mediaType = 'application/json' } = documented;
  if (!schema) return text === '' ? undefined : 'the document tells of no body';
  if (method === 'HEAD') return undefined;
  if (contentType?.split(';')[0] !== mediaType) return `its type is ${contentType ?? 'none'}`;
  if (mediaType !== 'application/json') return undefined;
  const value = parsed(text);
  const { success, data, error } = schema.safeParse(value);
  if (!success) return z.prettifyError(error);
  // Clients must let unknown fields be; our own tests must not: zod has taken away what the document does not tell.
  return isDeepStrictEqual(data, value) ? undefined : `the document tells only of ${JSON.stringify(data)}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // fits no schema
  }
}
