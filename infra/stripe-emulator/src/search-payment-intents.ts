// GET /v1/payment_intents/search: Stripe's query language, as far as PaymentIntents have fields for it.
// https://docs.stripe.com/search. Stripe's own index lags behind by seconds; this one never does.
import type Stripe from 'stripe';
import { invalidParam } from './errors';
import { readLimit } from './lists';
import type { Work } from './work';

export interface SearchResult<T> {
  object: 'search_result';
  data: T[];
  has_more: boolean;
  next_page: string | null;
  url: string;
}

type Test = (intent: Stripe.PaymentIntent) => boolean;
type Value = string | number | null;

const clause =
  /^(-)?(?:metadata\[(?:"([^"]*)"|'([^']*)')\]|(\w+))(:|~|>=|<=|>|<)(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(-?\d+)|(null))(?=\s|$)/;
const connective = /^(and|or)\s+/i;

const unreadable = (): Error =>
  invalidParam(
    'query',
    'We were unable to parse your search query. Try using the format `metadata["key"]:"value"` to query for metadata ' +
      'or key:"value" to query for other fields.',
  );

const fields: Readonly<Record<string, (intent: Stripe.PaymentIntent) => Value>> = {
  amount: (intent) => intent.amount,
  created: (intent) => intent.created,
  currency: (intent) => intent.currency,
  status: (intent) => intent.status,
};

function compare(actual: Value, operator: string, wanted: Value): boolean {
  if (operator === ':') return actual === wanted;
  if (operator === '~') return typeof actual === 'string' && actual.includes(String(wanted));
  if (typeof actual !== 'number' || typeof wanted !== 'number') throw unreadable();
  if (operator === '>') return actual > wanted;
  if (operator === '<') return actual < wanted;
  return operator === '>=' ? actual >= wanted : actual <= wanted;
}

function readClause(match: RegExpExecArray): Test {
  const [, minus, quotedKey, singleKey, name = '', operator = ':', double, single, number] = match;
  const text = double ?? single;
  const unescaped = text?.replace(/\\(.)/g, '$1') ?? null;
  const wanted: Value = number === undefined ? unescaped : Number(number);
  const key = quotedKey ?? singleKey;
  const field =
    key === undefined ? fields[name] : (intent: Stripe.PaymentIntent) => intent.metadata[key] ?? null;
  if (field === undefined) {
    throw invalidParam(
      'query',
      `Field \`${name}\` is an unsupported search field for resource \`payment_intents\`.`,
    );
  }
  return (intent) => compare(field(intent), operator, wanted) !== (minus === '-');
}

export function parseQuery(query: string): Test {
  const tests: Test[] = [];
  let joinedBy: string | undefined;
  for (let rest = query.trim(); rest !== '';) {
    const match = clause.exec(rest);
    if (match === null) throw unreadable();
    tests.push(readClause(match));
    rest = rest.slice(match[0].length).trimStart();
    if (rest === '') break;
    const word = connective.exec(rest);
    const join = word?.[1]?.toLowerCase() ?? 'and';
    if (joinedBy !== undefined && joinedBy !== join) {
      throw invalidParam('query', 'A search query cannot combine AND with OR.');
    }
    joinedBy = join;
    rest = rest.slice(word?.[0].length ?? 0);
    if (rest === '') throw unreadable();
  }
  if (tests.length === 0) throw unreadable();
  return joinedBy === 'or'
    ? (intent) => tests.some((test) => test(intent))
    : (intent) => tests.every((test) => test(intent));
}

export function searchPaymentIntents(work: Work): SearchResult<Stripe.PaymentIntent> {
  const isWanted = parseQuery(work.params.requiredString('query'));
  const limit = readLimit(work.params);
  const start = work.params.integer('page') ?? 0;
  work.params.refuseUnknown();
  const found = work.changes.all('payment_intents').reverse().filter(isWanted);
  const end = start + limit;
  const hasMore = found.length > end;
  return {
    object: 'search_result',
    data: found.slice(start, end),
    has_more: hasMore,
    next_page: hasMore ? String(end) : null,
    url: '/v1/payment_intents/search',
  };
}
