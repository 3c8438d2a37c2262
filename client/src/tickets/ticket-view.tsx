// A ticket on screen: live, and never held before the server says so.
import Link from 'next/link';
import { useRouter } from 'next/router';
import { useEffect, useState } from 'react';
import type { Ticket } from '../api/api';
import { browserApi } from '../api/browser-api';
import { useLive } from '../live/use-live';
import { holdTicket } from '../orders/hold-ticket';
import { signInPath } from '../session/next-path';
import { SendButton } from '../ui/form';
import { Notice } from '../ui/notice';
import { useShell } from '../ui/shell';
import { useOneAtATime } from '../ui/use-one-at-a-time';
import { BigTicket } from './big-ticket';
import { OtherTickets, otherTickets } from './other-tickets';
import { stampOf, stateOf, type TicketState } from './ticket-state';

/** Why the ticket is not ours though we asked for it. */
export type Missed = { others: Ticket[] } | { message: string };

export interface TicketViewProps {
  ticket: Ticket;
  isMyOrder: boolean;
  missed: Missed | null;
}

const everyMs = 3000;

export function TicketView(props: TicketViewProps) {
  const { user } = useShell();
  const [lastMissed, setMissed] = useState(props.missed);
  const { value: ticket, look } = useLive(`/api/tickets/${props.ticket.id}`, props.ticket, {
    feed: 'tickets',
    concerns: ({ id, version }, shown) => id === shown.id && version > shown.version,
    everyMs,
  });
  const isMyOrder = useIsMyOrder(ticket.orderId, props);
  const userId = user === 'unknown' ? undefined : user?.id;
  const state = stateOf(ticket, userId, isMyOrder);
  // Who lost to themselves, in another tab, has not lost.
  const missed = isMyOrder ? null : lastMissed;
  return (
    <>
      <BigTicket
        ticket={ticket}
        stamp={stampOf[state]}
        isGood={state === 'bought-by-me' || state === 'held-by-me'}
      >
        <Stub
          ticket={ticket}
          state={state}
          isSignedIn={userId !== undefined}
          onMissed={(why) => {
            setMissed(why);
            void look();
          }}
        />
      </BigTicket>
      {missed && 'message' in missed && <Notice isNews kind="problem" title={missed.message} />}
      {missed && 'others' in missed && (
        <>
          <Notice isNews kind="problem" title="Someone was faster">
            <p>This ticket went to another buyer a moment before you. Nothing was charged.</p>
          </Notice>
          <OtherTickets tickets={missed.others} />
        </>
      )}
    </>
  );
}

interface StubProps {
  ticket: Ticket;
  state: TicketState;
  isSignedIn: boolean;
  onMissed: (why: Missed) => void;
}

function Stub({ ticket, state, isSignedIn, onMissed }: StubProps) {
  return (
    <>
      {state === 'free' &&
        (isSignedIn ? (
          <HoldButton ticketId={ticket.id} onMissed={onMissed} />
        ) : (
          <Link className="button primary" href={signInPath(`/tickets/${ticket.id}`)}>
            Sign in to hold it
          </Link>
        ))}
      <p role="status" className="stub-note">
        {notes[state]}
      </p>
      {state === 'own' && (
        <Link className="button" href={`/tickets/${ticket.id}/edit`}>
          Edit
        </Link>
      )}
      {(state === 'held-by-me' || state === 'bought-by-me') && (
        <Link className="button primary" href={`/orders/${ticket.orderId ?? ''}`}>
          Go to your order
        </Link>
      )}
      {(state === 'held' || state === 'sold') && (
        <Link className="button" href="/">
          See other tickets
        </Link>
      )}
    </>
  );
}

const notes: Record<TicketState, string> = {
  free: 'Holding it keeps it for you while you pay. Nothing is charged before that.',
  own: 'You are selling this. It can be edited while nobody has it.',
  'held-by-me': 'You are holding this ticket.',
  held: 'Somebody is holding this ticket. If they do not pay, it is free again in a moment, and this page says so.',
  'bought-by-me': 'You bought this ticket.',
  sold: 'This ticket is sold.',
};

function HoldButton({ ticketId, onMissed }: { ticketId: string; onMissed: (why: Missed) => void }) {
  const router = useRouter();
  const { isBusy, run } = useOneAtATime();
  const hold = async (): Promise<void> => {
    const answer = await holdTicket(browserApi, ticketId);
    if (answer.is === 'held') await router.push(`/orders/${answer.orderId}`);
    else if (answer.is === 'signed-out') await router.push(signInPath(router.asPath, 'session'));
    else if (answer.is === 'lost') onMissed({ others: await otherTickets(browserApi, ticketId) });
    else onMissed({ message: answer.failure.errors[0].message });
  };
  return (
    <form
      method="post"
      onSubmit={(event) => {
        event.preventDefault();
        run(hold);
      }}
    >
      <SendButton isBusy={isBusy} label={isBusy ? 'Asking for it…' : 'Hold this ticket'} />
    </form>
  );
}

/** Asked again when the ticket passes to another order: it may be ours, from another tab. */
function useIsMyOrder(orderId: string | undefined, { ticket, isMyOrder }: TicketViewProps): boolean {
  const { user } = useShell();
  const [known, setKnown] = useState({ orderId: ticket.orderId, isMine: isMyOrder });
  const isSignedIn = user !== null;
  useEffect(() => {
    if (orderId === undefined || orderId === known.orderId || !isSignedIn) return;
    let isCurrent = true;
    void browserApi('GET', `/api/orders/${orderId}`).then(({ ok }) => {
      if (isCurrent) setKnown({ orderId, isMine: ok });
    });
    return () => {
      isCurrent = false;
    };
  }, [orderId, known.orderId, isSignedIn]);
  return orderId !== undefined && orderId === known.orderId && known.isMine;
}
