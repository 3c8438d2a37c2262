// Any test key opens the sandbox; a live key is turned away before it gets anywhere.
import { StripeApiError } from './errors';

function unauthorized(message: string, code?: string): StripeApiError {
  const fields = { type: 'invalid_request_error' as const, message, ...(code === undefined ? {} : { code }) };
  return new StripeApiError(401, fields, { headers: { 'WWW-Authenticate': 'Basic realm="Stripe"' } });
}

function keyOf(authorization: string): string {
  const [scheme = '', credentials = ''] = authorization.split(' ');
  if (scheme.toLowerCase() !== 'basic') return credentials;
  return Buffer.from(credentials, 'base64').toString('utf8').split(':')[0] ?? '';
}

/** Never repeats a key: it shows its kind and its last four characters. */
const mask = (key: string): string =>
  `${key.slice(0, 8)}${'*'.repeat(12)}${key.length > 16 ? key.slice(-4) : ''}`;

export function checkApiKey(authorization: string | undefined): void {
  const key = keyOf(authorization ?? '');
  if (key === '') {
    throw unauthorized(
      'You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer ' +
        "auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for " +
        'details, or we can help at https://support.stripe.com/.',
    );
  }
  if (/^(sk|rk)_test_\w+$/.test(key)) return;
  if (key.startsWith('pk_')) {
    throw unauthorized(
      'This API call cannot be made with a publishable API key. Please use a secret API key. You can find a list of ' +
        'your API keys at https://dashboard.stripe.com/account/apikeys.',
      'secret_key_required',
    );
  }
  const hint = /^(sk|rk)_live_/.test(key)
    ? ' This is a local emulator: it takes test keys (sk_test_…) only.'
    : '';
  throw unauthorized(`Invalid API Key provided: ${mask(key)}.${hint}`);
}
