// An order on screen: the hold and its seconds, paying, and how it ended. Only the server moves it from one to the next.
import { useState } from 'react';
import { isSignedOut, type Order } from '../api/api';
import { useLive } from '../live/use-live';
import { PayForm } from '../payments/pay-form';
import { BigTicket } from '../tickets/big-ticket';
import type { Filled } from '../ui/form';
import { formatLeft } from './countdown';
import { EndedStub, PaidStub } from './ended-stub';
import { HoldStub } from './hold-stub';
import { isOpen, orderState, orderWords } from './order-state';
import { PayingNotice, Stale } from './paying-notice';
import { usePayment, type Paying } from './use-payment';
import { useSecondsLeft } from './use-seconds-left';

export interface OrderViewProps {
  order: Order;
  /** How long the hold lasted when the server wrote this. */
  leftMs: number;
  /** What came of a form sent without JavaScript. */
  sent: Filled;
  /** How its payment stood then. */
  payment: Paying;
  /** This page's own address, for a bank to lead back to. */
  returnUrl: string;
  /** Stripe's publishable key, where real cards are taken. */
  stripeKey: string | null;
}

const calmMs = 2000;
const eagerMs = 700;

export function OrderView({ order: first, leftMs, sent, payment, returnUrl, stripeKey }: OrderViewProps) {
  const [isUrgent, setUrgent] = useState(false);
  const [isOver, setOver] = useState(!isOpen(first));
  const url = `/api/orders/${first.id}`;
  const {
    value: order,
    heard,
    look,
  } = useLive(isOver ? undefined : url, first, {
    feed: 'orders',
    concerns: ({ id, version }, { version: shown }) => id === first.id && version > shown,
    everyMs: isUrgent ? eagerMs : calmMs,
    isUrgent,
  });
  const { seconds, said } = useSecondsLeft(first.expiresAt, leftMs, heard);
  const { paying, isBusy, pay } = usePayment(first.id, payment, look);
  const state = orderState(order, seconds);

  // Whoever waits for the server's word asks more often, and at the very end of the time at once.
  const isWaiting = state === 'running-out' || paying.is === 'charged' || paying.is === 'unknown';
  if (isWaiting !== isUrgent) setUrgent(isWaiting);
  if (!isOpen(order) && !isOver) setOver(true);

  // Stripe's own script asks the bank in the page itself.
  const notice = <PayingNotice paying={paying} returnUrl={stripeKey ? undefined : returnUrl} />;
  const isStale = heard !== undefined && !heard.ok;
  return (
    <>
      <BigTicket
        ticket={order.ticket}
        stamp={state === 'held' ? undefined : orderWords[state]}
        isGood={state === 'paid'}
      >
        {state === 'held' && <HoldStub seconds={seconds} order={order} look={look} canCancel={!isBusy} />}
        {state === 'running-out' && <p className="stub-note">The time is up. Asking how it ended…</p>}
        {state === 'paid' && <PaidStub order={order} />}
        {(state === 'cancelled' || state === 'ended') && (
          <EndedStub order={order} hasExpired={state === 'ended'} />
        )}
      </BigTicket>
      <p className="visually-hidden" role="status">
        {isOpen(order) ? said : orderWords[state]}
      </p>
      {isStale && <Stale isSignedOut={isSignedOut(heard)} look={look} />}
      {state === 'held' && (
        <PayForm
          {...{ order, stripeKey, isBusy, sent, returnUrl }}
          left={formatLeft(seconds)}
          toConfirm={paying.is === 'action' ? paying.clientSecret : undefined}
          onPay={pay}
        >
          {notice}
        </PayForm>
      )}
      {state === 'running-out' && notice}
    </>
  );
}
