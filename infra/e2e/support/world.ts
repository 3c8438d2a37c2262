// All that the system knows, read behind its back: every service's database, the broker's log, Stripe's books.
import os from 'node:os';
import { MongoClient } from 'mongodb';
import { readBroker, type Event } from './broker';
import type { Marketplace } from './marketplace';

interface Announced {
  /** The event that the document's last change carries. */
  event?: Event | null;
}

export interface TicketDoc extends Announced {
  _id: unknown;
  version: number;
  title: string;
  priceInCents: number;
  userId: string;
  orderId: string | null;
}

export interface OrderDoc extends Announced {
  _id: unknown;
  version: number;
  status: string;
  userId: string;
  createdAt: Date;
  expiresAt: Date;
  sequence: number;
  ticket: { id: string; title: string; priceInCents: number };
}

/** Payments' copy of an order. */
export interface OrderCopyDoc {
  _id: unknown;
  version: number;
  status: string;
  userId: string;
  expiresAt: Date;
  ticketId: string;
  priceInCents: number;
}

export interface PaymentDoc extends Announced {
  _id: unknown;
  status: string;
  amountInCents: number;
}

/** One PaymentIntent in the emulator's books, amounts in minor units. */
export interface Charge {
  payment_intent: string;
  orderId: string | null;
  charged: number;
  refunded: number;
}

export interface World {
  tickets: TicketDoc[];
  /** Orders' copies of tickets. */
  ticketCopies: Omit<TicketDoc, 'event'>[];
  orders: OrderDoc[];
  /** Payments' copies of orders. */
  orderCopies: OrderCopyDoc[];
  payments: PaymentDoc[];
  charges: Charge[];
  /** What was announced, repeats included; poison left out. */
  events: Event[];
}

export async function readWorld(system: Marketplace): Promise<World> {
  const [tickets, orders, payments, charges, announcements] = await Promise.all([
    readDatabase(system.database('tickets'), 'tickets'),
    readDatabase(system.database('orders'), 'orders', 'tickets'),
    readDatabase(system.database('payments'), 'payments', 'orders'),
    readCharges(system),
    readBroker(system),
  ]);
  return {
    tickets: tickets['tickets'] as TicketDoc[],
    ticketCopies: orders['tickets'] as TicketDoc[],
    orders: orders['orders'] as OrderDoc[],
    orderCopies: payments['orders'] as OrderCopyDoc[],
    payments: payments['payments'] as PaymentDoc[],
    charges,
    events: announcements.flatMap(({ text }) => parse(text)),
  };
}

/** Every document of these collections of one database. */
async function readDatabase(url: string, ...collections: string[]): Promise<Record<string, unknown[]>> {
  const client = new MongoClient(url, {
    serverSelectionTimeoutMS: 10_000,
    // Handed over, because the driver's own late import hangs inside jest.
    runtimeAdapters: { os },
  });
  try {
    const all = collections.map(async (name) => [name, await client.db().collection(name).find().toArray()]);
    return Object.fromEntries(await Promise.all(all)) as Record<string, unknown[]>;
  } finally {
    await client.close();
  }
}

export async function readCharges(system: Marketplace): Promise<Charge[]> {
  const response = await fetch(`${system.address('stripe')}/emulator/charges`);
  return (await response.json()) as Charge[];
}

function parse(text: string): Event[] {
  try {
    const event = JSON.parse(text) as Partial<Event> | null;
    return event?.data && typeof event.id === 'string' ? [event as Event] : [];
  } catch (error) {
    if (error instanceof SyntaxError) return []; // poison, of which disorder.test.ts makes some
    throw error;
  }
}
