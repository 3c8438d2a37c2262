// One order: its hold, paying, and how it ended.
import Head from 'next/head';
import type { Answer, Api, Order } from '../../api/api';
import { isOpen, leftAt } from '../../orders/order-state';
import { OrderView, type OrderViewProps } from '../../orders/order-view';
import type { Paying } from '../../orders/use-payment';
import { verdictOfPayment, type Payment } from '../../payments/see-payment';
import { readCard } from '../../payments/test-cards';
import { payWithToken } from '../../payments/verdict';
import { goTo, orRefuse, page } from '../../server/page';
import { signInPath } from '../../session/next-path';
import type { Problems, Values } from '../../ui/form';

export const getServerSideProps = page<OrderViewProps>(async ({ api, form, origin, param, read }) => {
  const id = encodeURIComponent(param('id'));
  const here = `/orders/${id}`;
  let problems: Problems = {};
  if (form?.['intent'] === 'cancel') {
    orRefuse(await api('DELETE', `/api/orders/${id}`));
    return goTo(here);
  }
  if (form?.['intent'] === 'pay') {
    const outcome = await payByForm(api, id, form);
    if (outcome === 'signed-out') return goTo(signInPath(here, 'session'));
    if (outcome === 'look') return goTo(here);
    problems = outcome;
  }
  const [{ body: order, serverTime }, payment] = await Promise.all([
    read<Order>(`/api/orders/${id}`),
    api<Payment>('GET', `/api/payments/${id}`),
  ]);
  const { number = '', expiry = '' } = form ?? {};
  return {
    order,
    leftMs: leftAt(order, serverTime),
    sent: { values: { number, expiry }, problems },
    payment: payingOf(order, payment),
    returnUrl: `${origin}${here}`,
    stripeKey: process.env['STRIPE_PUBLISHABLE_KEY'] ?? null,
  };
});

/** An attempt that is under way shows again after a reload, and in another tab. */
function payingOf(order: Order, payment: Answer<Payment>): Paying {
  const verdict = isOpen(order) && payment.ok ? verdictOfPayment(payment.body) : undefined;
  return verdict && verdict.is !== 'signed-out' ? verdict : { is: 'idle' };
}

/** Without JavaScript nobody looks again by themselves, so the page waits until the order has heard. */
async function payByForm(api: Api, id: string, form: Values): Promise<Problems | 'look' | 'signed-out'> {
  const card = readCard(form);
  if ('problems' in card) return card.problems;
  const verdict = await payWithToken(api, id, card.token);
  if (verdict.is === 'signed-out') return 'signed-out';
  if (verdict.is === 'refused' || verdict.is === 'over') return { form: verdict.message };
  if (verdict.is === 'action') return 'look';
  for (let look = 0; look < 20; look++) {
    const answer = await api<Order>('GET', `/api/orders/${id}`);
    if (answer.ok && !isOpen(answer.body)) return 'look';
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  return {
    form: 'We could not find out yet whether you have paid. Load the page again: nothing is charged twice.',
  };
}

export default function OrderPage(props: OrderViewProps) {
  return (
    <>
      <Head>
        <title>{`Your order: ${props.order.ticket.title} · Ticketing`}</title>
      </Head>
      <OrderView key={props.order.id} {...props} />
    </>
  );
}
