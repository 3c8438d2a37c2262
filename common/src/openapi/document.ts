// A service's table as an OpenAPI 3.1 document.
import { z } from 'zod';
import type { Api, Answer, Operation, RefusalClass } from './define-api';
import { refusalsOf } from './refusals-of';
import type {
  Content,
  DocumentedAnswer,
  DocumentedOperation,
  OpenApiDocument,
  Parameter,
} from './document-types';
import { Schemas, type JsonSchema } from './schemas';

/** The version of the contract: its first number changes when a promise to existing clients is broken. */
export const apiVersion = '1.0.0';

const errorsSchema = z
  .object({
    errors: z
      .array(
        z.object({
          message: z.string().min(1).describe('A sentence for a person.'),
          field: z.string().min(1).optional().describe('The input that it is about, where it is about one.'),
          code: z.string().describe('Stable; what a program goes by.'),
        }),
      )
      .min(1),
  })
  .meta({ id: 'Errors', description: 'The body of every refusal and every failure.' });

export const securitySchemes = {
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'session',
    description: 'Set by signing up or in; HttpOnly, SameSite=Lax, Secure over https.',
  },
};

export function documentOf(api: Api): OpenApiDocument {
  const shared = { schemas: new Schemas(), responses: {} };
  const paths: OpenApiDocument['paths'] = {};
  for (const [route, operation] of Object.entries(api.operations)) {
    const [method = '', path = ''] = route.split(' ');
    const address = openApiPath(api.path, path);
    paths[address] = {
      ...paths[address],
      [method.toLowerCase()]: documentOperation(api, route, operation, shared),
    };
  }
  return {
    openapi: '3.1.1',
    info: { title: `Ticketing: ${api.title}`, version: apiVersion, description: api.description },
    tags: [{ name: api.title, description: api.description }],
    paths,
    components: { schemas: shared.schemas.named, responses: shared.responses, securitySchemes },
  };
}

/** `/:id` below `/api/tickets` is `/api/tickets/{id}`. */
const openApiPath = (base: string, path: string): string =>
  base + (path === '/' ? '' : path.replaceAll(/:(\w+)/g, '{$1}'));

interface Shared {
  schemas: Schemas;
  responses: Record<string, DocumentedAnswer>;
}

function documentOperation(
  api: Api,
  route: string,
  operation: Operation,
  shared: Shared,
): DocumentedOperation {
  const { schemas } = shared;
  const { id, summary, description, session, body, answers } = operation;
  const parameters = parametersOf(route, operation, schemas);
  return {
    operationId: id,
    tags: [api.title],
    summary,
    ...(description !== undefined && { description }),
    security: session === 'needed' ? [{ session: [] }] : session === 'used' ? [{}, { session: [] }] : [],
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, content: json(schemas.of(body)) } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, answer]) => [status, documentAnswer(answer, schemas)]),
      ),
      ...documentRefusals(refusalsOf(route, operation), shared),
    },
  };
}

function parametersOf(
  route: string,
  { query = {}, takesKey, headers = {} }: Operation,
  schemas: Schemas,
): Parameter[] {
  // Any text is answered, with 404 where it is no id; so a text is what the document asks for.
  const inPath = [...route.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    name,
    in: 'path' as const,
    required: true,
    description: 'An id; 404 for what is none.',
    schema: { type: 'string', minLength: 1 },
  }));
  const named = (place: 'query' | 'header') => (entry: [string, z.ZodType]) => {
    const [name, schema] = entry;
    const { description, ...turned } = schemas.of(schema);
    return {
      name,
      in: place,
      required: !schema.safeParse(undefined).success,
      ...(typeof description === 'string' && { description }),
      schema: turned,
    };
  };
  return [
    ...inPath,
    ...Object.entries(query).map(named('query')),
    ...Object.entries({ ...(takesKey && { 'Idempotency-Key': idempotencyKey }), ...headers }).map(
      named('header'),
    ),
  ];
}

const json = (schema: JsonSchema): Content => ({ 'application/json': { schema } });

function documentAnswer(
  { description, schema, mediaType = 'application/json', headers }: Answer,
  schemas: Schemas,
): DocumentedAnswer {
  return {
    description,
    ...(headers && { headers: documentHeaders(headers) }),
    ...(schema && { content: { [mediaType]: { schema: schemas.of(schema) } } }),
  };
}

const documentHeaders = (headers: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, says]) => [name, { description: says, schema: { type: 'string' } }]),
  );

const idempotencyKey = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[!-~]*$/)
  .optional()
  .describe('The same request sent again with it, within a day, is answered the same and happens once.');

/** Statuses after which the same request may be answered otherwise. */
const passing = [409, 429, 503];
const retryAfter = { 'Retry-After': 'Seconds to wait before trying again.' };

/** One answer for each status, with the codes that it can carry; the same one for all who have but one reason. */
function documentRefusals(refusals: RefusalClass[], shared: Shared): DocumentedOperation['responses'] {
  const answers: DocumentedOperation['responses'] = {};
  for (const status of new Set(refusals.map((refusal) => refusal.status))) {
    const these = refusals.filter((refusal) => refusal.status === status);
    const answer = documentRefusal(status, these, shared.schemas);
    const [only, another] = these;
    if (only && !another) {
      shared.responses[only.code] = answer;
      answers[status] = { $ref: `#/components/responses/${only.code}` };
    } else {
      answers[status] = answer;
    }
  }
  return answers;
}

function documentRefusal(status: number, refusals: RefusalClass[], schemas: Schemas): DocumentedAnswer {
  const codes = refusals.map(({ code }) => code);
  return {
    description: refusals.map(({ code, message }) => `\`${code}\`: ${message}`).join('\n'),
    ...(passing.includes(status) && { headers: documentHeaders(retryAfter) }),
    content: json({
      allOf: [
        schemas.of(errorsSchema),
        { properties: { errors: { items: { properties: { code: { enum: codes } } } } } },
      ],
    }),
  };
}
