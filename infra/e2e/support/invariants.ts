// What always holds (see "What always holds" in the README), as questions to everything that ever happened in a system.
import { eventually } from './eventually';
import type { Marketplace } from './marketplace';
import { readWorld, type OrderDoc, type World } from './world';

type Rule = (world: World) => string[];

const isLive = ({ status }: { status: string }): boolean => status !== 'cancelled';
const idOf = ({ _id }: { _id: unknown }): string => String(_id);

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

/** 1: one live order for a ticket, at every moment: each order begins after the one before it was cancelled. */
const oneLiveOrder: Rule = ({ orders }) =>
  [...groupBy(orders, ({ ticket }) => ticket.id)].flatMap(([ticket, unsorted]) => {
    const inTurn = unsorted.toSorted((a, b) => a.sequence - b.sequence);
    return inTurn.flatMap((order, index) => {
      const wrong: string[] = [];
      const before = inTurn[index - 1];
      if (order.sequence !== index + 1) wrong.push(`ticket ${ticket}: no order has number ${index + 1}`);
      if (before && isLive(before))
        wrong.push(`ticket ${ticket}: ${idOf(before)} and ${idOf(order)} both live`);
      if (before?.event && Date.parse(before.event.time) > order.createdAt.getTime())
        wrong.push(`ticket ${ticket}: ${idOf(order)} began before ${idOf(before)} had ended`);
      return wrong;
    });
  });

/** 2: an order ends complete or cancelled, never both, whatever was announced on the way. */
const oneEnd: Rule = ({ events }) => {
  const ends = events.filter(({ type }) => type === 'order:completed' || type === 'order:cancelled');
  return [...groupBy(ends, ({ subject }) => subject)]
    .filter(([, ofOrder]) => new Set(ofOrder.map(({ type }) => type)).size > 1)
    .map(([order]) => `order ${order}: announced both as completed and as cancelled`);
};

/** 2: complete is one charge of the order's price; cancelled is none, or given back in full; open is none yet. */
const moneyIsRight: Rule = ({ orders, charges }) => {
  const known = new Set(orders.map(idOf));
  const byOrder = groupBy(charges, ({ orderId }) => orderId ?? 'none');
  const strange = charges.filter(({ orderId, charged }) => charged > 0 && !known.has(orderId ?? ''));
  return [
    ...strange.map(
      ({ payment_intent, orderId }) => `${payment_intent}: charged for unknown order ${orderId}`,
    ),
    ...orders.flatMap((order) => {
      const charged = (byOrder.get(idOf(order)) ?? []).filter((charge) => charge.charged > 0);
      return isMoneyRight(order, charged)
        ? []
        : [`order ${idOf(order)} ${order.status}: ${JSON.stringify(charged)}`];
    }),
  ];
};

function isMoneyRight(
  { status, ticket }: OrderDoc,
  charges: { charged: number; refunded: number }[],
): boolean {
  const [charge] = charges;
  if (charges.length > 1 || (charge && charge.charged !== ticket.priceInCents)) return false;
  if (status === 'complete') return charge?.refunded === 0;
  return !charge || (status === 'cancelled' && charge.refunded === charge.charged);
}

/** 2: nothing is left to settle, and payments says of an order's money what orders says of the order. */
const paymentsAreSettled: Rule = ({ orders, payments }) => {
  const statuses = new Map(orders.map((order) => [idOf(order), order.status]));
  const fitting: Record<string, string[]> = {
    charged: ['complete'],
    declined: ['created', 'awaiting:payment', 'cancelled'],
    refunded: ['cancelled'],
    voided: ['cancelled'],
  };
  return payments
    .filter((payment) => !fitting[payment.status]?.includes(statuses.get(idOf(payment)) ?? ''))
    .map((payment) => `payment ${payment.status} of order ${statuses.get(idOf(payment))} ${idOf(payment)}`);
};

/** 3: the last change of everything has been announced. */
const everythingIsAnnounced: Rule = ({ tickets, orders, payments, events }) => {
  const announced = new Set(events.map(({ source, id, type }) => `${source} ${id} ${type}`));
  return [...tickets, ...orders, ...payments]
    .flatMap(({ event }) => event ?? [])
    .map(({ source, id, type }) => `${source} ${id} ${type}`)
    .filter((event) => !announced.has(event))
    .map((event) => `never announced: ${event}`);
};

/** 4: tickets' own and orders' copies; orders' own and payments' copies; a ticket and the order that has it. */
const copiesAgree: Rule = ({ tickets, ticketCopies, orders, orderCopies }) => {
  const holders = new Map(orders.filter(isLive).map((order) => [order.ticket.id, idOf(order)]));
  return [
    ...differences(
      'ticket',
      tickets.map((t) => [idOf(t), [t.version, t.title, t.priceInCents, t.userId, t.orderId]]),
      ticketCopies.map((t) => [idOf(t), [t.version, t.title, t.priceInCents, t.userId, t.orderId]]),
    ),
    ...differences(
      'order',
      orders.map((o) => [
        idOf(o),
        [o.version, o.status, o.userId, o.expiresAt, o.ticket.id, o.ticket.priceInCents],
      ]),
      orderCopies.map((o) => [
        idOf(o),
        [o.version, o.status, o.userId, o.expiresAt, o.ticketId, o.priceInCents],
      ]),
    ),
    ...differences(
      'holder of ticket',
      tickets.map((ticket) => [idOf(ticket), [ticket.orderId]]),
      tickets.map((ticket) => [idOf(ticket), [holders.get(idOf(ticket)) ?? null]]),
    ),
  ];
};

function differences(what: string, own: [string, unknown[]][], copies: [string, unknown[]][]): string[] {
  const [here, there] = [own, copies].map(
    (entries) => new Map(entries.map(([id, state]) => [id, JSON.stringify(state)])),
  ) as [Map<string, string>, Map<string, string>];
  return [...new Set([...here.keys(), ...there.keys()])]
    .filter((id) => here.get(id) !== there.get(id))
    .map(
      (id) => `${what} ${id}: is ${here.get(id) ?? 'unknown'}, the copy says ${there.get(id) ?? 'nothing'}`,
    );
}

/** 8: from one version to the next, a ticket's title or price changes only while no order has it. */
const reservedStaysAsItIs: Rule = ({ events }) => {
  const versions = new Map(events.filter(({ source }) => source === '/tickets').map((e) => [e.id, e.data]));
  return [...versions.values()]
    .filter((after) => {
      const before = versions.get(`${after.id ?? ''}.${(after.version ?? 0) - 1}`);
      if (!before) return false;
      const isEdited = before.title !== after.title || before.priceInCents !== after.priceInCents;
      return isEdited && (before.orderId !== null || after.orderId !== null);
    })
    .map(({ id, version }) => `ticket ${id} was edited while an order had it, in version ${version}`);
};

const rules: Record<string, Rule> = {
  oneLiveOrder,
  oneEnd,
  moneyIsRight,
  paymentsAreSettled,
  everythingIsAnnounced,
  copiesAgree,
  reservedStaysAsItIs,
};

/** Every way in which this world is not as it always should be. */
export const violations = (world: World): string[] =>
  Object.entries(rules).flatMap(([name, rule]) => rule(world).map((what) => `${name}: ${what}`));

/**
 * Throws unless, within seconds after traffic has stopped, everything holds for all that happened in this system.
 *
 * @returns what it looked at
 */
export function whenAllHolds(system: Marketplace, { withinMs = 15_000 } = {}): Promise<World> {
  return eventually(
    async () => {
      const world = await readWorld(system);
      const wrong = violations(world);
      if (wrong.length > 0) throw new Error(`${wrong.length} violations:\n${wrong.slice(0, 20).join('\n')}`);
      return world;
    },
    { withinMs, everyMs: 250 },
  );
}
