// What became of the last attempt to pay, in words; and whether what is shown may still be believed.
import Link from 'next/link';
import { useRouter } from 'next/router';
import { actionLink } from '../payments/see-payment';
import { signInPath } from '../session/next-path';
import { Notice } from '../ui/notice';
import type { Paying } from './use-payment';

interface PayingNoticeProps {
  paying: Paying;
  /** Where a bank's page leads back to, where it is a page. */
  returnUrl: string | undefined;
}

export function PayingNotice({ paying, returnUrl }: PayingNoticeProps) {
  if (paying.is === 'refused') {
    return (
      <Notice isNews kind="problem" title={paying.message}>
        <p>You still hold the ticket. Nothing was charged; you can try another card.</p>
      </Notice>
    );
  }
  if (paying.is === 'action') {
    const link = paying.actionUrl && returnUrl && actionLink(paying.actionUrl, returnUrl);
    return (
      <Notice isNews title="Your bank wants to be asked">
        <p>Nothing is charged before you confirm. You come back to this page.</p>
        {link && (
          <p>
            <a className="button primary" href={link}>
              Go to your bank
            </a>
          </p>
        )}
      </Notice>
    );
  }
  if (paying.is === 'over') return <Notice isNews kind="problem" title={paying.message} />;
  if (paying.is === 'charged') {
    return <Notice isNews title="Payment accepted. Waiting for the order to say so…" />;
  }
  if (paying.is === 'unknown') {
    return (
      <Notice isNews title="Looking whether you have paid…">
        <p>A payment is under way, or its answer was lost. Nothing is charged twice.</p>
      </Notice>
    );
  }
  if (paying.is === 'unsettled') {
    return (
      <Notice isNews kind="problem" title="We could not find out yet">
        <p>
          The order is not paid as far as we know. You can pay again: an order is charged once, however often.
        </p>
      </Notice>
    );
  }
  return null;
}

/** What is shown may no longer be true, and why. */
export function Stale({ isSignedOut, look }: { isSignedOut: boolean; look: () => Promise<void> }) {
  const { asPath } = useRouter();
  if (isSignedOut) {
    return (
      <Notice isNews kind="problem" title="Your session has ended">
        <p>
          <Link href={signInPath(asPath, 'session')}>Sign in again</Link>, and you are back at this order.
        </p>
      </Notice>
    );
  }
  return (
    <Notice isNews kind="problem" title="We cannot reach the marketplace right now">
      <p>What you see may be out of date. We keep trying.</p>
      <p>
        <button className="button small" type="button" onClick={() => void look()}>
          Try now
        </button>
      </p>
    </Notice>
  );
}
