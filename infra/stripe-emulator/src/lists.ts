// Stripe's cursor lists, newest first: https://docs.stripe.com/api/pagination
import { invalidParam, resourceMissing } from './errors';
import type { Params } from './params';
import type { Rows, TableName } from './store';
import type { Work } from './work';

export interface List<T> {
  object: 'list';
  data: T[];
  has_more: boolean;
  url: string;
}

export function readLimit(params: Params): number {
  const limit = params.integer('limit') ?? 10;
  if (limit < 1) {
    throw invalidParam(
      'limit',
      'This value must be greater than or equal to 1.',
      'parameter_invalid_integer',
    );
  }
  if (limit > 100) {
    const text = `This value must be less than or equal to 100 (it currently is '${limit}').`;
    throw invalidParam('limit', text, 'parameter_invalid_integer');
  }
  return limit;
}

type Test = (created: number) => boolean;

const comparisons: Readonly<Record<string, (created: number, bound: number) => boolean>> = {
  gt: (created, bound) => created > bound,
  gte: (created, bound) => created >= bound,
  lt: (created, bound) => created < bound,
  lte: (created, bound) => created <= bound,
};

/** `created=1700000000`, or `created[gte]=…` and its like. */
function readCreated(params: Params): Test {
  if (params.isText('created')) {
    const exactly = params.integer('created');
    return (created) => created === exactly;
  }
  const range = params.group('created');
  if (range === undefined) return () => true;
  const tests = Object.entries(comparisons).map(([name, compare]): Test => {
    const bound = range.integer(name);
    return (created) => bound === undefined || compare(created, bound);
  });
  return (created) => tests.every((test) => test(created));
}

type ListedTable = Exclude<TableName, 'idempotency_keys'>;

export function listRows<T extends ListedTable>(
  work: Work,
  table: T,
  url: string,
  isWanted: (row: Rows[T]) => boolean,
): List<Rows[T]> {
  const { params } = work;
  const limit = readLimit(params);
  const isInTime = readCreated(params);
  const after = params.string('starting_after');
  const before = params.string('ending_before');
  params.refuseUnknown();

  const rows = work.changes
    .all(table)
    .reverse()
    .filter((row) => isInTime(row.created) && isWanted(row));
  const positionOf = (id: string, param: string): number => {
    const position = rows.findIndex((row) => row.id === id);
    if (position === -1) throw resourceMissing(table.replace(/s$/, ''), id, param, 400);
    return position;
  };

  if (before !== undefined) {
    const newer = rows.slice(0, positionOf(before, 'ending_before'));
    return { object: 'list', data: newer.slice(-limit), has_more: newer.length > limit, url };
  }
  const older = after === undefined ? rows : rows.slice(positionOf(after, 'starting_after') + 1);
  return { object: 'list', data: older.slice(0, limit), has_more: older.length > limit, url };
}
