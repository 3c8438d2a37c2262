// The headers that tell browsers what an answer of the API may never be used for.
import type { RequestHandler } from 'express';

// What helmet sets, written out: helmet makes them anew for every answer, and these never change. A test compares the two.
// An answer is data: nothing in it is ever run, framed, embedded by other sites or kept by a cache.
const headers = Object.entries({
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Origin-Agent-Cluster': '?1',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-DNS-Prefetch-Control': 'off',
  'X-Download-Options': 'noopen',
  'X-Frame-Options': 'DENY',
  'X-Permitted-Cross-Domain-Policies': 'none',
  'X-XSS-Protection': '0',
});
const transportSecurity = 'max-age=31536000; includeSubDomains';

/** On every answer, errors included. A route that answers with something else than data says so by `response.set`. */
export const securityHeaders: RequestHandler = (request, response, next) => {
  for (const [name, value] of headers) response.setHeader(name, value);
  // Over plain http browsers ignore it, as they must.
  if (request.secure) response.setHeader('Strict-Transport-Security', transportSecurity);
  next();
};
