// Several services' documents as one.
import { apiVersion, securitySchemes } from './document';
import type { OpenApiDocument } from './document-types';

/** One document of all services; throws where two of them mean different things by one name. */
export function mergeDocuments(documents: OpenApiDocument[], description: string): OpenApiDocument {
  const merged: OpenApiDocument = {
    openapi: '3.1.1',
    info: { title: 'Ticketing', version: apiVersion, description },
    tags: documents.flatMap(({ tags }) => tags),
    paths: {},
    components: { schemas: {}, responses: {}, securitySchemes },
  };
  for (const { paths, components } of documents) {
    add(merged.paths, paths);
    add(merged.components.schemas, components.schemas);
    add(merged.components.responses, components.responses);
  }
  return merged;
}

function add(to: Record<string, unknown>, from: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(from)) {
    if (name in to && JSON.stringify(to[name]) !== JSON.stringify(value)) {
      throw new Error(`Two services mean different things by ${name}.`);
    }
    to[name] = value;
  }
}
