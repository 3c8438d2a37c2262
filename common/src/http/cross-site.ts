// Refuses what another site makes a visitor's browser send: the cookie alone does not say who meant it.
import type { Request, RequestHandler } from 'express';
import { CrossSite } from './refusal';

const harmless = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The host of an Origin; empty for `null` and what is no origin. */
const hostOf = (origin: string): string => (URL.canParse(origin) ? new URL(origin).host : '');

/**
 * Browsers of today say `Sec-Fetch-Site`, which no page can forge; older ones at least `Origin`. Who says neither is no
 * browser, and carries nobody's cookie by accident.
 */
function isCrossSite(request: Request): boolean {
  const site = request.headers['sec-fetch-site'];
  // A neighbour under the same domain ("same-site") is another site to us.
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin } = request.headers;
  // The host that the browser asked for; as a proxy passed it on, where we trust that one.
  return origin !== undefined && hostOf(origin) !== request.host.toLowerCase();
}

/**
 * Refuses requests that change something and come from another site's page.
 *
 * @param exempt paths that go by no cookie and are meant to be called from elsewhere: webhooks
 */
export const refuseCrossSite =
  (exempt: readonly string[]): RequestHandler =>
  (request, _response, next) => {
    if (!harmless.has(request.method) && isCrossSite(request) && !exempt.includes(request.path)) {
      throw new CrossSite();
    }
    next();
  };
