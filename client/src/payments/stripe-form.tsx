// Stripe's Payment Element: card numbers go from the buyer's browser to Stripe and nowhere else.
import type { Stripe, StripeElements } from '@stripe/stripe-js';
import { useEffect, useRef, useState, type RefObject } from 'react';
import { browserApi } from '../api/browser-api';
import { SendButton } from '../ui/form';
import { Notice } from '../ui/notice';
import { Price } from '../ui/price';
import { useShell } from '../ui/shell';
import type { PayFormProps } from './pay-form';
import { PayHead } from './pay-head';
import { confirmAtStripe, openAtStripe } from './stripe';

interface Ready {
  stripe: Stripe;
  elements: StripeElements;
}

type Form = { is: 'loading' } | ({ is: 'ready' } & Ready) | { is: 'failed'; message: string };

export function StripeForm({
  order,
  left,
  stripeKey,
  isBusy,
  returnUrl,
  toConfirm,
  onPay,
  children,
}: PayFormProps & { stripeKey: string }) {
  const place = useRef<HTMLDivElement>(null);
  const [attempt, setAttempt] = useState(0);
  const form = usePaymentElement(place, order.id, stripeKey, attempt);
  const isReady = form.is === 'ready';

  return (
    <section className="pay is-single" aria-labelledby="pay">
      <PayHead left={left} title="Pay" />
      <noscript>
        <p className="notice problem">
          Paying needs JavaScript: the card form comes from Stripe, so that we never see your card.
        </p>
      </noscript>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (form.is === 'ready' && !isBusy) onPay(() => confirmAtStripe(form, returnUrl));
        }}
      >
        <div ref={place} className="element" aria-busy={form.is === 'loading'} />
        {form.is === 'failed' && (
          <Notice isNews kind="problem" title={form.message}>
            <p>
              <button
                className="button small"
                type="button"
                onClick={() => {
                  setAttempt(attempt + 1);
                }}
              >
                Try again
              </button>
            </p>
          </Notice>
        )}
        {children}
        {toConfirm && isReady && (
          <button
            className="button primary"
            type="button"
            onClick={() => {
              onPay(() => confirmAtStripe(form, returnUrl, toConfirm));
            }}
          >
            Confirm with your bank
          </button>
        )}
        <SendButton
          isBusy={isBusy || !isReady}
          label={
            isBusy ? (
              'Paying…'
            ) : (
              <>
                Pay <Price dollars={order.ticket.price} />
              </>
            )
          }
        />
      </form>
    </section>
  );
}

/** @param attempt another number begins anew */
function usePaymentElement(
  place: RefObject<HTMLDivElement | null>,
  orderId: string,
  stripeKey: string,
  attempt: number,
): Form {
  const { locale } = useShell();
  const [state, setState] = useState<{ attempt: number; form: Form }>();
  useEffect(() => {
    const opening = new AbortController();
    let end = (): void => undefined;
    void openAtStripe(browserApi, { orderId, stripeKey, locale }).then((opened) => {
      if (opening.signal.aborted) return;
      if ('message' in opened) {
        setState({ attempt, form: { is: 'failed', ...opened } });
        return;
      }
      const element = opened.elements.create('payment');
      end = () => {
        element.destroy();
      };
      element.on('ready', () => {
        setState({ attempt, form: { is: 'ready', ...opened } });
      });
      element.on('loaderror', ({ error }) => {
        setState({ attempt, form: { is: 'failed', message: error.message ?? unavailable } });
      });
      if (place.current) element.mount(place.current);
    });
    return () => {
      opening.abort();
      end();
    };
  }, [place, orderId, stripeKey, locale, attempt]);
  return state?.attempt === attempt ? state.form : { is: 'loading' };
}

const unavailable = 'The card form could not be loaded.';
