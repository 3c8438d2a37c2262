// Stripe's API, read only: https://docs.stripe.com/api/payment_intents
import { PlainFailure, errorMessage } from '../local/failure.mjs';

/** @typedef {{ key: string, apiBase: string }} Account */

const deadlineMs = 15_000;
const pageSize = 100;
/** A stop for a list that never ends: ten million intents. */
const mostPages = 100_000;

/**
 * The intents of orders, newest first, a page at a time; what is not ours (no `metadata.orderId`) is left out.
 * @param {Account} account
 * @param {number} since seconds since 1970
 * @returns {AsyncGenerator<NonNullable<ReturnType<typeof inBrief>>[]>}
 */
export async function* intents(account, since) {
  let after = '';
  for (let page = 0; page < mostPages; page++) {
    const query = new URLSearchParams({ limit: String(pageSize), 'created[gte]': String(since) });
    query.append('expand[]', 'data.latest_charge');
    if (after) query.set('starting_after', after);
    const { data, has_more: hasMore } = await get(account, `/v1/payment_intents?${query}`);
    yield data.flatMap((/** @type {any} */ each) => inBrief(each) ?? []);
    if (!hasMore || data.length === 0) return;
    after = data.at(-1).id;
  }
}

/** @param {Account} account @param {string} id @returns {Promise<ReturnType<typeof inBrief>>} */
export async function intent(account, id) {
  return inBrief(await get(account, `/v1/payment_intents/${encodeURIComponent(id)}?expand[]=latest_charge`));
}

/** @param {any} found */
function inBrief({ id, status, metadata, amount_received: received, latest_charge: charge }) {
  const orderId = metadata?.orderId ?? '';
  if (!/^[0-9a-f]{24}$/.test(orderId)) return undefined;
  const money =
    status === 'succeeded' ? `${received} charged, ${charge?.amount_refunded ?? 0} refunded` : undefined;
  return { id: String(id), orderId: String(orderId), status: String(status), money };
}

/** @param {Account} account @param {string} path @returns {Promise<any>} */
async function get({ key, apiBase }, path) {
  try {
    const response = await fetch(`${apiBase}${path}`, {
      ...{ headers: { authorization: `Bearer ${key}` }, signal: AbortSignal.timeout(deadlineMs) },
    });
    const body = /** @type {any} */ (await response.json());
    if (response.status === 404) return {};
    if (!response.ok) throw new Error(body?.error?.message ?? `Stripe answered ${response.status}.`);
    return body;
  } catch (error) {
    throw new PlainFailure(`Stripe cannot be asked: ${errorMessage(error)}`, { cause: error });
  }
}
