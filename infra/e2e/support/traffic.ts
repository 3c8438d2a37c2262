// Several people who list, edit, order, cancel and pay without a pause, and remember what they were promised.
import { randomInt } from 'node:crypto';
import { forEach, range, sleep } from './eventually';
import { inWords, Person, type Answer } from './person';
import type { Marketplace } from './marketplace';
import type { World } from './world';

type End = 'cancelled' | 'complete' | 'open' | 'unknown';

export interface TrafficOptions {
  people: number;
  /** What buyers do with an order. */
  ends: readonly ('cancel' | 'pay' | 'leave')[];
  /** How long each of them rests between two steps. */
  restMs: number;
  /** Whether new people sign up meanwhile. */
  newcomers?: boolean;
  /** Tickets that orders has heard of already. */
  market?: readonly string[];
}

const isYes = ({ status }: Answer): boolean => status >= 200 && status < 300;
/** Whether it took effect is unknown. */
const isUnknown = ({ status }: Answer): boolean => status === 0 || status >= 500;

/** A 2xx is a promise; `broken` tells which were not kept. Other answers promise nothing. */
export class Traffic {
  /** Every answer, in words. */
  readonly answers: string[] = [];
  readonly newcomers: Person[] = [];
  /** Per ticket the titles it may have: the last one that was confirmed, and what was tried after it. */
  readonly titles = new Map<string, string[]>();
  readonly orders = new Map<string, End>();
  private readonly market: string[];
  private isOver = false;
  private readonly under: Promise<unknown>;

  private constructor(
    private readonly system: Marketplace,
    people: Person[],
    private readonly options: TrafficOptions,
  ) {
    this.market = [...(options.market ?? [])];
    const arrivals = options.newcomers ? [this.welcomeNewcomers()] : [];
    this.under = Promise.all([...people.map((person) => this.trade(person)), ...arrivals]);
    // `end` hears of a failure; until then it is nobody's unhandled rejection.
    this.under.catch(() => undefined);
  }

  static async begin(system: Marketplace, options: TrafficOptions): Promise<Traffic> {
    const people = await forEach(range(options.people), 4, () => Person.signedUp(system));
    return new Traffic(system, people, options);
  }

  async end(): Promise<void> {
    this.isOver = true;
    await this.under;
  }

  /** What was answered with 2xx and is not so. */
  async broken({ tickets, orders }: World): Promise<string[]> {
    const title = new Map(tickets.map((ticket) => [String(ticket._id), ticket.title]));
    const status = new Map(orders.map((order) => [String(order._id), order.status]));
    const strangers = await forEach(this.newcomers, 4, async ({ email, password }) =>
      isYes(await new Person(this.system.url).call('POST', '/api/users/signin', { email, password }))
        ? []
        : email,
    );
    return [
      ...strangers.flat().map((email) => `${email} cannot sign in`),
      ...[...this.titles]
        .filter(([id, titles]) => !titles.includes(title.get(id) ?? ''))
        .map(([id, titles]) => `ticket ${id} is ${title.get(id) ?? 'lost'} and not ${titles.join(' or ')}`),
      ...[...this.orders]
        .filter(([id, end]) => !isKept(end, status.get(id)))
        .map(([id, end]) => `order ${id} is ${status.get(id) ?? 'lost'} and not ${end}`),
    ];
  }

  private async trade(person: Person): Promise<void> {
    for (let n = 0; !this.isOver; n++) {
      await this.sell(person, `Seat ${n}`);
      await this.buy(person);
    }
  }

  private async sell(person: Person, title: string): Promise<void> {
    const listed = await this.note(person.list(title, randomInt(1, 10_000) / 100));
    if (!isYes(listed)) return;
    const { id } = listed.body;
    this.titles.set(id, [title]);
    const better = `${title}, front row`;
    const edited = await this.note(person.edit(id, better, 5));
    if (isYes(edited)) this.titles.set(id, [better]);
    if (isUnknown(edited)) this.titles.get(id)?.push(better);
    this.market.push(id);
  }

  private async buy(person: Person): Promise<void> {
    const [ticketId] = this.market.splice(randomInt(this.market.length + 1), 1);
    if (ticketId === undefined) return;
    const placed = await this.note(person.order(ticketId));
    // Not yet heard of by orders, or one's own: for somebody else, later.
    if (placed.status === 404 || placed.code === 'orders.own_ticket') this.market.push(ticketId);
    if (!isYes(placed)) return;
    const { id } = placed.body;
    this.orders.set(id, 'open');
    const { ends } = this.options;
    const what = ends[randomInt(ends.length)];
    if (what === 'cancel') {
      this.settle(id, await this.note(person.cancel(id)), 'cancelled');
      this.market.push(ticketId);
    }
    if (what === 'pay') this.settle(id, await this.note(person.paySoon(id)), 'complete');
  }

  private settle(orderId: string, answer: Answer, end: End): void {
    this.orders.set(orderId, isYes(answer) ? end : 'unknown');
  }

  private async welcomeNewcomers(): Promise<void> {
    while (!this.isOver) {
      const person = new Person(this.system.url);
      if (isYes(await this.note(person.signUp()))) this.newcomers.push(person);
      await sleep(200);
    }
  }

  private async note<T>(asked: Promise<Answer<T>>): Promise<Answer<T>> {
    const answer = await asked;
    this.answers.push(inWords(answer));
    await sleep(this.options.restMs);
    return answer;
  }
}

/** Whatever became of it, an order is there; and what its buyer was told has come true. */
function isKept(end: End, status: string | undefined): boolean {
  if (status === undefined) return false;
  if (end === 'open') return status === 'created' || status === 'cancelled'; // its time may be up
  return end === 'unknown' || status === end;
}
