// Payments as its own builder makes it: one instance or several over one database, on a Stripe emulator of their own.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createLogger,
  newCause,
  OrderCancelled,
  OrderCreated,
  type CloudEvent,
  type OrderData,
  type Service,
} from '@ticketing/common';
import { Database } from '@ticketing/common/store';
import {
  cookieFor,
  eventOf,
  eventually,
  orderData,
  testEnv,
  watchAnswers,
  type Watch,
} from '@ticketing/common/testing';
import { startStripeEmulator, type StripeEmulator } from '@ticketing/stripe-emulator';
import Stripe from 'stripe';
import request from 'supertest';
import { configFrom } from '../../src/config';
import { copyOrder } from '../../src/orders/copy-order';
import { orderReplicas, type OrderReplicas } from '../../src/orders/order';
import { onOrderCancelled } from '../../src/payments/on-order-cancelled';
import { paymentAggregates, type Payment, type Payments } from '../../src/payments/payment';
import { settlePayments, type Settlement } from '../../src/payments/settle-payments';
import { createService } from '../../src/service';
import { StripeCharges } from '../../src/stripe/stripe-charges';

export const stripeKey = 'sk_test_payments';
export const webhookSecret = 'whsec_payments';

interface Given {
  instances?: number;
  /** Parts of the service to start beside the database. */
  parts?: string[];
  /** The door to Stripe to use instead of the service's own. */
  stripe?: (apiBase: string) => StripeCharges;
  dataFile?: string;
  env?: NodeJS.ProcessEnv;
  /** The emulator sends its webhooks to the first instance. */
  sendsWebhooks?: boolean;
}

export class PaymentsUnderTest {
  /** The test's own view on the database that the instances share. */
  readonly payments: Payments;
  readonly orders: OrderReplicas;
  readonly stripe: StripeCharges;
  /** Stripe's SDK, to ask what really happened there. */
  readonly sdk: Stripe;

  private constructor(
    public emulator: StripeEmulator,
    private readonly database: Database,
    private readonly services: Service[],
    private readonly servers: Server[],
    private readonly watches: Watch[],
    stripe: StripeCharges | undefined,
  ) {
    this.payments = paymentAggregates(database.connection);
    this.orders = orderReplicas(database.connection);
    this.stripe = stripe ?? new StripeCharges(stripeKey, emulator.url);
    this.sdk = new Stripe(stripeKey, { host: emulator.host, port: emulator.port, protocol: 'http' });
  }

  static async start({
    instances = 1,
    parts = [],
    stripe,
    dataFile,
    sendsWebhooks = false,
    env: given = {},
  }: Given = {}): Promise<PaymentsUnderTest> {
    // The emulator wants the address of a door that is built only when the emulator is there.
    const door = await listen(createServer());
    const url = `http://127.0.0.1:${portOf(door)}/api/payments/webhook`;
    const emulator = await startStripeEmulator({
      dataFile,
      ...(sendsWebhooks && { webhook: { url, secret: webhookSecret } }),
    });
    const env = testEnv('payments', {
      STRIPE_KEY: stripeKey,
      STRIPE_API_BASE: emulator.url,
      STRIPE_WEBHOOK_SECRET: webhookSecret,
      ...given,
    });
    const built = stripe && { stripe: stripe(emulator.url) };
    const services = Array.from({ length: instances }, (_, index) =>
      createService(configFrom({ ...env, INSTANCE_ID: `payments-${index}` }), built),
    );
    const database = new Database(String(env['MONGO_URI']), createLogger('payments', 'test', 'silent'));
    await database.start();
    const servers: Server[] = [];
    const watches = services.map(({ app }) => watchAnswers(app));
    if (watches[0]) door.on('request', watches[0].listener);
    for (const service of services) await service.start(['database', ...parts]);
    for (const { listener } of watches) servers.push(await listen(createServer(listener)));
    servers.push(door);
    return new PaymentsUnderTest(emulator, database, services, servers, watches, built?.stripe);
  }

  async stop(): Promise<void> {
    for (const server of this.servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    for (const service of this.services) await service.stop();
    await this.database.stop();
    await this.emulator.close();
    // Every answer of every test: what it was is what the document tells.
    expect(this.watches.flatMap(({ problems }) => problems)).toEqual([]);
  }

  /** An order that can be paid, as payments hears of it. */
  async place(given: Partial<OrderData> = {}): Promise<OrderData> {
    const order = orderData(given);
    await this.hear(eventOf(OrderCreated, order));
    return order;
  }

  /** Does what the listener of this event does. The settlement is not woken: tests call `settle`. */
  async hear(event: CloudEvent<OrderData>): Promise<void> {
    const { orders, payments } = this;
    if (event.type !== OrderCancelled.type) await copyOrder(event.data, orders);
    else await onOrderCancelled(event, { orders, payments, settle: () => undefined });
  }

  cancel(order: OrderData): Promise<void> {
    return this.hear(cancellationOf(order));
  }

  /** @param by which instance is asked, @param as who asks */
  pay(order: OrderData, { token = 'tok_visa', by = 0, as = order.userId } = {}): request.Test {
    return this.post({ token, orderId: order.id }, cookieFor(as), by);
  }

  post(body: object, cookie?: string, by = 0, path = ''): request.Test {
    const call = request(this.server(by)).post(`/api/payments${path}`);
    return (cookie === undefined ? call : call.set('Cookie', cookie)).send(body);
  }

  /** Asks for the intent and its secret, as a browser with Stripe's Payment Element does. */
  open(order: OrderData, { by = 0, as = order.userId } = {}): request.Test {
    return this.post({ orderId: order.id }, cookieFor(as), by, '/intents');
  }

  /** How the payment stands, by the door. */
  see(order: OrderData, { by = 0, as = order.userId } = {}): request.Test {
    return request(this.server(by)).get(`/api/payments/${order.id}`).set('Cookie', cookieFor(as));
  }

  /** What a browser does with a secret: it asks Stripe, and nobody here hears of it. */
  async confirmInBrowser(clientSecret: string, token = 'tok_visa'): Promise<string> {
    const id = clientSecret.split('_secret_')[0] ?? '';
    const card = { type: 'card', card: { token } } as Stripe.PaymentIntentConfirmParams.PaymentMethodData;
    try {
      return (await this.sdk.paymentIntents.confirm(id, { payment_method_data: card })).status;
    } catch (error) {
      return error instanceof Stripe.errors.StripeError ? (error.code ?? error.message) : String(error);
    }
  }

  /** Due at once, whatever it was put off to, and settled. */
  async settleNow({ id }: OrderData): Promise<unknown[]> {
    await this.payments.change(id, () => ({ set: { dueAt: new Date(Date.now() - 1) } }), newCause());
    return this.settle();
  }

  server(by = 0): Server {
    const server = this.servers[by];
    if (!server) throw new Error(`There is no instance ${by}.`);
    return server;
  }

  /** Runs the settlement once, and tells what it complained about. */
  async settle({ onSettled }: Partial<Settlement> = {}): Promise<unknown[]> {
    const failures: unknown[] = [];
    await settlePayments({
      payments: this.payments,
      stripe: this.stripe,
      onSettled: onSettled ?? (() => undefined),
      onFailure: (_payment, error) => failures.push(error),
    });
    return failures;
  }

  /** Runs the settlement until there is nothing left for it to do but to wait for browsers. */
  settleAll(): Promise<void> {
    return eventually(async () => {
      await this.settle();
      const left = await this.payments.model.countDocuments({ status: { $in: ['claimed', 'cancelling'] } });
      if (left > 0) throw new Error(`${left} payments are not settled.`);
    });
  }

  /** The payment of an order with the event that it carries; null when there is none. */
  payment({ id }: OrderData): Promise<(Payment & { event?: CloudEvent<unknown> }) | null> {
    return this.payments.model.findById(id).select('+event').lean<Payment>().exec();
  }

  /** What Stripe took and gave back for an order, over all of its intents. */
  money({ id }: OrderData): { charged: number; refunded: number } {
    const rows = this.emulator.charges().filter(({ orderId }) => orderId === id);
    const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
    return { charged: sum(rows.map((row) => row.charged)), refunded: sum(rows.map((row) => row.refunded)) };
  }

  /** How many refunds Stripe has made for an order. */
  async refunds(order: OrderData): Promise<number> {
    const intents = this.emulator.charges().filter(({ orderId }) => orderId === order.id);
    const lists = await Promise.all(
      intents.map(({ payment_intent }) => this.sdk.refunds.list({ payment_intent })),
    );
    return lists.flatMap(({ data }) => data).length;
  }
}

export const cancellationOf = (order: OrderData): CloudEvent<OrderData> =>
  eventOf(OrderCancelled, { ...order, status: 'cancelled', version: order.version + 1 });

async function listen(server: Server): Promise<Server> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

export const portOf = (server: Server): number => (server.address() as AddressInfo).port;
