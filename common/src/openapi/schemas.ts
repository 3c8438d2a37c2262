// From zod to the JSON Schema (2020-12) that OpenAPI 3.1 speaks, with everything named standing once.
import { z } from 'zod';

export type JsonSchema = Record<string, unknown>;

/** Collects what is named (`.meta({ id })`) while schemas are turned; the rest stands where it is used. */
export class Schemas {
  readonly named: Record<string, JsonSchema> = {};

  /** Objects stay open: a field that is added later breaks no client that checks answers by the document. */
  of(schema: z.ZodType): JsonSchema {
    const turned = z.toJSONSchema(schema, {
      io: 'input',
      override: ({ jsonSchema }) => {
        tidy(jsonSchema);
      },
    });
    const { $defs = {}, ...root } = turned;
    delete root.$schema; // the document says once which dialect it speaks
    Object.assign(this.named, pointToComponents($defs));
    return pointToComponents(root) as JsonSchema;
  }
}

/** A format says it to people and tools; zod's pattern beside it says the same at length. */
function tidy(schema: JsonSchema): void {
  if ('format' in schema) delete schema['pattern'];
  for (const bound of ['minimum', 'maximum']) {
    if (Math.abs(Number(schema[bound])) === Number.MAX_SAFE_INTEGER) Reflect.deleteProperty(schema, bound);
  }
}

/** zod keeps what is named beside each schema; OpenAPI keeps it in one place for all. */
function pointToComponents(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pointToComponents);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => {
      const isReference = key === '$ref' && typeof inner === 'string';
      return [
        key,
        isReference ? inner.replace('#/$defs/', '#/components/schemas/') : pointToComponents(inner),
      ];
    }),
  );
}
