// The door of @ticketing/common/openapi: what a service describes its routes with.
export {
  defineApi,
  id,
  idInput,
  instant,
  pageAnswer,
  pageParameters,
  version,
  type Answer,
  type Api,
  type Operation,
  type RefusalClass,
} from './define-api';
export { documentOf } from './document';
export type { OpenApiDocument } from './document-types';
export { mergeDocuments } from './merge-documents';
export { refusalsOf } from './refusals-of';
