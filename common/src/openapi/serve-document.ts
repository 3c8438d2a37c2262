// Serves a service's document: as it is, and as a page for people. Made when first asked for, since most never are.
import { Router } from 'express';
import type { Api } from './define-api';
import { documentOf } from './document';
import type { OpenApiDocument } from './document-types';
import { readerPolicy, renderReader } from './reader';

/** Routes below `/api/<service>/docs`; they need no session and come before everything that would. */
export function documentRoutes(api: Api): Router {
  let made: { json: string; page: string } | undefined;
  const make = () => (made ??= write(documentOf(api)));
  const router = Router();

  router.get('/openapi.json', (_request, response) => {
    response.type('json').send(make().json);
  });

  router.get('/', (request, response) => {
    const { json, page } = make();
    response.vary('Accept');
    // Who names no type, or any, is taken for a person with a browser.
    if (request.accepts(['html', 'json']) === 'json') {
      response.type('json').send(json);
      return;
    }
    response.set('Content-Security-Policy', readerPolicy).type('html').send(page);
  });
  return router;
}

const write = (document: OpenApiDocument) => ({
  json: JSON.stringify(document, undefined, 2),
  page: renderReader(document),
});
