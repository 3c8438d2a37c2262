// All state: tables in memory, changed only by whole units of work that are in the journal first.
import type Stripe from 'stripe';
import { openJournal, type Journal } from './journal';

/** A Stripe event as it is listed and delivered: a snapshot of what changed. */
export interface StoredEvent {
  id: string;
  object: 'event';
  api_version: string;
  created: number;
  data: { object: Stripe.PaymentIntent | Stripe.Charge; previous_attributes?: Record<string, unknown> };
  livemode: false;
  pending_webhooks: number;
  request: { id: string; idempotency_key: string | null };
  type: string;
}

/** What an idempotency key (its `id`) was answered; kept for 24 hours. */
export interface SavedAnswer {
  id: string;
  path: string;
  fingerprint: string;
  requestId: string;
  status: number;
  body: string;
  savedAt: number;
}

export interface Rows {
  payment_intents: Stripe.PaymentIntent;
  charges: Stripe.Charge;
  refunds: Stripe.Refund;
  payment_methods: Stripe.PaymentMethod;
  events: StoredEvent;
  idempotency_keys: SavedAnswer;
}

export type TableName = keyof Rows;
type Tables = { [T in TableName]: Map<string, Rows[T]> };
type JournalLine = { [T in TableName]?: Rows[T][] };

const emptyTables = (): Tables => ({
  payment_intents: new Map(),
  charges: new Map(),
  refunds: new Map(),
  payment_methods: new Map(),
  events: new Map(),
  idempotency_keys: new Map(),
});
const tableNames = Object.keys(emptyTables()) as TableName[];

function copy<T extends TableName>(table: T, from: Iterable<Rows[T]>, to: Tables): void {
  for (const row of from) to[table].set(row.id, row);
}

/** One unit of work: it sees its own changes; nobody else does before the commit. Rows are never mutated. */
export class Changes {
  readonly staged = emptyTables();

  constructor(private readonly store: Store) {}

  get<T extends TableName>(table: T, id: string): Rows[T] | undefined {
    return this.staged[table].get(id) ?? this.store.get(table, id);
  }

  /** Everything committed, oldest first. */
  all<T extends TableName>(table: T): Rows[T][] {
    return this.store.all(table);
  }

  put<T extends TableName>(table: T, row: Rows[T]): Rows[T] {
    this.staged[table].set(row.id, row);
    return row;
  }
}

export class Store {
  private readonly tables = emptyTables();
  private readonly journal: Journal | undefined;
  private isClosed = false;

  constructor(dataFile?: string) {
    if (dataFile === undefined) return;
    this.journal = openJournal(dataFile, (line) => {
      const rows = line as JournalLine;
      for (const name of tableNames) copy(name, rows[name] ?? [], this.tables);
    });
  }

  get<T extends TableName>(table: T, id: string): Rows[T] | undefined {
    return this.tables[table].get(id);
  }

  all<T extends TableName>(table: T): Rows[T][] {
    return [...this.tables[table].values()];
  }

  /** The one stored longest ago. */
  oldest<T extends TableName>(table: T): Rows[T] | undefined {
    return this.tables[table].values().next().value;
  }

  forget(table: TableName, id: string): void {
    this.tables[table].delete(id);
  }

  begin(): Changes {
    return new Changes(this);
  }

  /** All of it or nothing: one line in the journal, then the tables, in one turn of the event loop. */
  commit({ staged }: Changes): void {
    const touched = tableNames.filter((name) => staged[name].size > 0);
    if (touched.length === 0) return;
    if (this.isClosed) throw new Error('The emulator has stopped: this change is not kept.');
    this.journal?.append(Object.fromEntries(touched.map((name) => [name, [...staged[name].values()]])));
    for (const name of touched) copy(name, staged[name].values(), this.tables);
  }

  close(): void {
    if (!this.isClosed) this.journal?.close();
    this.isClosed = true;
  }
}
