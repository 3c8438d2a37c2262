// An order on screen: the hold and its seconds, paying, and how it ended. Only the server moves it from one to the next.
import Link from 'next/link';
import { useRouter } from 'next/router';
import { useState } from 'react';
import { isSignedOut, type Order } from '../api/api';
import { browserApi } from '../api/browser-api';
import { useLive } from '../live/use-live';
import { PayForm } from '../payments/pay-form';
import { signInPath } from '../session/next-path';
import { BigTicket } from '../tickets/big-ticket';
import { SendButton, type Filled } from '../ui/form';
import { Notice } from '../ui/notice';
import { useOneAtATime } from '../ui/use-one-at-a-time';
import { When } from '../ui/when';
import { formatLeft } from './countdown';
import { isOpen, orderState, orderWords } from './order-state';
import { usePayment, type Paying } from './use-payment';
import { useSecondsLeft } from './use-seconds-left';

export interface OrderViewProps {
  order: Order;
  /** How long the hold lasted when the server wrote this. */
  leftMs: number;
  /** What came of a form sent without JavaScript. */
  sent: Filled;
}

const calmMs = 2000;
const eagerMs = 700;

export function OrderView({ order: first, leftMs, sent }: OrderViewProps) {
  const [isCalm, setCalm] = useState(true);
  const [isOver, setOver] = useState(!isOpen(first));
  const url = `/api/orders/${first.id}`;
  const {
    value: order,
    heard,
    look,
  } = useLive(isOver ? undefined : url, first, {
    everyMs: isCalm ? calmMs : eagerMs,
  });
  const { seconds, said } = useSecondsLeft(first.expiresAt, leftMs, heard);
  const { paying, pay } = usePayment(look);
  const state = orderState(order, seconds);

  // Whoever waits for the server's word asks more often, and at the very end of the time at once.
  const shouldBeCalm = state !== 'running-out' && paying.is !== 'charged' && paying.is !== 'unknown';
  if (shouldBeCalm !== isCalm) setCalm(shouldBeCalm);
  if (!isOpen(order) && !isOver) setOver(true);

  const isStale = heard !== undefined && !heard.ok;
  return (
    <>
      <BigTicket
        ticket={order.ticket}
        stamp={state === 'held' ? undefined : orderWords[state]}
        isGood={state === 'paid'}
      >
        {state === 'held' && <Hold seconds={seconds} order={order} look={look} canCancel={!isBusy(paying)} />}
        {state === 'running-out' && <p className="stub-note">The time is up. Asking how it ended…</p>}
        {state === 'paid' && (
          <>
            <p className="stub-note">This ticket is yours.</p>
            <Link className="button" href="/orders">
              See all your orders
            </Link>
          </>
        )}
        {(state === 'cancelled' || state === 'ended') && <Ended order={order} />}
      </BigTicket>
      <p className="visually-hidden" role="status">
        {isOpen(order) ? said : orderWords[state]}
      </p>
      {isStale && <Stale isSignedOut={isSignedOut(heard)} look={look} />}
      {state === 'held' && (
        <PayForm order={order} isBusy={isBusy(paying)} sent={sent} onPay={pay}>
          <PayingNotice paying={paying} />
        </PayForm>
      )}
      {state === 'running-out' && <PayingNotice paying={paying} />}
    </>
  );
}

const isBusy = ({ is }: Paying): boolean => is === 'paying' || is === 'charged' || is === 'unknown';

interface HoldProps {
  seconds: number;
  order: Order;
  look: () => Promise<void>;
  canCancel: boolean;
}

function Hold({ seconds, order, look, canCancel }: HoldProps) {
  const router = useRouter();
  const { isBusy, run } = useOneAtATime();
  const [problem, setProblem] = useState('');
  const cancel = async (): Promise<void> => {
    const answer = await browserApi('DELETE', `/api/orders/${order.id}`);
    if (isSignedOut(answer)) await router.push(signInPath(router.asPath, 'session'));
    setProblem(answer.ok ? '' : answer.errors[0].message);
    await look();
  };
  return (
    <>
      <p className="stub-label">Yours for</p>
      <p className={seconds <= 10 ? 'countdown is-short' : 'countdown'} role="timer" aria-live="off">
        {formatLeft(seconds)}
      </p>
      <p className="stub-note">
        until <When at={order.expiresAt} as="time" />
      </p>
      <noscript>
        <p className="stub-note">Load this page again to see where it stands.</p>
      </noscript>
      <form
        method="post"
        onSubmit={(event) => {
          event.preventDefault();
          if (canCancel) run(cancel);
        }}
      >
        <input type="hidden" name="intent" value="cancel" />
        <SendButton
          kind="quiet"
          isBusy={isBusy || !canCancel}
          label={isBusy ? 'Letting it go…' : 'Let it go'}
        />
      </form>
      {problem && <Notice isNews kind="problem" title={problem} />}
    </>
  );
}

function Ended({ order }: { order: Order }) {
  return (
    <>
      <p className="stub-note">
        This hold ended without a purchase. You were charged nothing; should a charge have crossed it, it is
        paid back in full by itself.
      </p>
      <Link className="button primary" href={`/tickets/${order.ticket.id}`}>
        See if it is free again
      </Link>
      <Link className="button" href="/">
        See other tickets
      </Link>
    </>
  );
}

function PayingNotice({ paying }: { paying: Paying }) {
  if (paying.is === 'refused') {
    return (
      <Notice isNews kind="problem" title={paying.message}>
        <p>You still hold the ticket. Nothing was charged; you can try another card.</p>
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
function Stale({ isSignedOut, look }: { isSignedOut: boolean; look: () => Promise<void> }) {
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
