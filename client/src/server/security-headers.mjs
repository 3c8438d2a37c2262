// What browsers are told that a page may do: only what it does. Nothing in a page is inline, so nothing inline is allowed.
// Read by next.config.mjs for everything, and by page.ts where Stripe's script is let in.

/**
 * @param {boolean} withStripe https://docs.stripe.com/security/guide#content-security-policy
 */
export function contentSecurityPolicy(withStripe) {
  const stripe = withStripe ? ' https://js.stripe.com https://*.js.stripe.com' : '';
  return [
    "default-src 'none'",
    `script-src 'self'${stripe}`,
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self'${withStripe ? ' https://api.stripe.com' : ''}`,
    ...(withStripe ? [`frame-src${stripe} https://hooks.stripe.com`] : []),
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** On every answer. The Ingress says Strict-Transport-Security, since it is there that TLS ends. */
export const headers = {
  'Content-Security-Policy': contentSecurityPolicy(false),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Origin-Agent-Cluster': '?1',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  // A bank that is asked to confirm learns where the buyer came from, and not for which order.
  'Referrer-Policy': 'strict-origin-when-cross-origin',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};
