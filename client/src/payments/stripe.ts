// Stripe's script: loaded when somebody is about to pay, and asked to confirm. What it answers is never taken for money:
// the payment, as the server reads it, is.
import type { Appearance, Stripe, StripeElementLocale, StripeElements } from '@stripe/stripe-js';
import { loadStripe } from '@stripe/stripe-js/pure';
import { askUntilKnown, type Api } from '../api/api';
import type { Verdict } from './verdict';

interface Opened {
  stripe: Stripe;
  elements: StripeElements;
}

const unavailable = 'Stripe cannot be reached at the moment. Your hold is as it was.';

/** A card form for the order's one PaymentIntent, which is the same however often it is asked for. */
export async function openAtStripe(
  api: Api,
  { orderId, stripeKey, locale }: { orderId: string; stripeKey: string; locale: string },
): Promise<Opened | { message: string }> {
  const ask = () => api<{ clientSecret: string }>('POST', '/api/payments/intents', { orderId });
  const [stripe, intent] = await Promise.all([
    load(stripeKey),
    askUntilKnown('payments.order_not_found', ask),
  ]);
  if (!intent.ok) return { message: intent.errors[0].message };
  if (!stripe) return { message: unavailable };
  const elements = stripe.elements({
    clientSecret: intent.body.clientSecret,
    appearance: appearance(),
    locale: locale as StripeElementLocale,
  });
  return { stripe, elements };
}

async function load(stripeKey: string): Promise<Stripe | null> {
  try {
    return await loadStripe(stripeKey);
  } catch {
    return null; // offline, or something on the way blocks it: told as one thing
  }
}

/** @param toConfirm the secret of an attempt that waits for the bank; else what stands in the form is sent */
export async function confirmAtStripe(
  { stripe, elements }: Opened,
  returnUrl: string,
  toConfirm?: string,
): Promise<Verdict> {
  const { error } = toConfirm
    ? await stripe.handleNextAction({ clientSecret: toConfirm })
    : await stripe.confirmPayment({
        elements,
        redirect: 'if_required',
        confirmParams: { return_url: returnUrl },
      });
  const isRefusal = error?.type === 'card_error' || error?.type === 'validation_error';
  return isRefusal ? { is: 'refused', message: error.message ?? 'The card was refused.' } : { is: 'unknown' };
}

/** Our colours in Stripe's frame. */
function appearance(): Appearance {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    theme: matchMedia('(prefers-color-scheme: dark)').matches ? 'night' : 'stripe',
    variables: {
      colorPrimary: token('--stamp'),
      colorBackground: token('--paper'),
      colorText: token('--ink'),
      colorDanger: token('--stamp'),
      fontFamily: token('--font-text'),
      borderRadius: '0',
    },
  };
}
