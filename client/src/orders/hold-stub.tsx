// The stub of a held ticket: the seconds, and letting it go.
import { useRouter } from 'next/router';
import { useState } from 'react';
import { isSignedOut, type Order } from '../api/api';
import { browserApi } from '../api/browser-api';
import { signInPath } from '../session/next-path';
import { SendButton } from '../ui/form';
import { Notice } from '../ui/notice';
import { useOneAtATime } from '../ui/use-one-at-a-time';
import { When } from '../ui/when';
import { formatLeft } from './countdown';

interface HoldStubProps {
  seconds: number;
  order: Order;
  look: () => Promise<void>;
  canCancel: boolean;
}

export function HoldStub({ seconds, order, look, canCancel }: HoldStubProps) {
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
