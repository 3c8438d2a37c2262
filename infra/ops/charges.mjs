// Payments against Stripe's own books, for the last hours: every charge is known here, and every payment was charged.
import { ObjectId } from 'mongodb';
import { pause } from '../local/wait.mjs';
import { intent, intents } from './stripe.mjs';

const looksAgain = 5;
const betweenMs = 1000;
const pageSize = 500;

/**
 * What is taken and what of it was given back, in minor units; undefined when nothing was ever taken.
 * @typedef {string | undefined} Money
 * @typedef {{ orderId: string, intentId: string | null }} Suspect
 */

/**
 * @param {import('./databases.mjs').Databases} databases
 * @param {import('./stripe.mjs').Account} account
 * @param {number} sinceHours
 * @returns {Promise<{ compared: number, disagreements: import('./reconcile.mjs').Disagreement[] }>}
 */
export async function compareCharges(databases, account, sinceHours) {
  const since = Math.floor(Date.now() / 1000) - sinceHours * 3600;
  /** @type {import('mongodb').Collection<any>} */
  const payments = databases.payments.collection('payments');
  /** @type {Suspect[]} */
  let suspects = [];
  const seen = new Set();
  for await (const page of intents(account, since)) {
    const ids = page.map(({ orderId }) => new ObjectId(orderId));
    const known = await payments.find({ _id: { $in: ids } }, { maxTimeMS: 30_000 }).toArray();
    const byId = new Map(known.map((payment) => [String(payment._id), payment]));
    for (const { id, orderId, money } of page) {
      seen.add(orderId);
      if (money !== moneyOf(byId.get(orderId))) suspects.push({ orderId, intentId: id });
    }
  }
  // What we call charged and Stripe has never heard of. An order's id tells when it was placed, before it was paid.
  const charged = payments
    .find({ _id: { $gte: ObjectId.createFromTime(since) }, status: { $in: ['charged', 'refunded'] } })
    .project({ stripeId: 1 })
    .batchSize(pageSize);
  for await (const { _id, stripeId } of charged) {
    if (!seen.has(String(_id))) suspects.push({ orderId: String(_id), intentId: stripeId });
  }
  const compared = seen.size;
  /** @type {import('./reconcile.mjs').Disagreement[]} */
  let disagreements = [];
  for (let look = 0; look < looksAgain && suspects.length > 0; look++) {
    await pause(betweenMs);
    disagreements = [];
    for (const { orderId, intentId } of suspects) {
      const [payment, found] = await Promise.all([
        payments.findOne({ _id: new ObjectId(orderId) }, { maxTimeMS: 10_000 }),
        intentId === null ? undefined : intent(account, intentId),
      ]);
      const [own, copy] = [moneyOf(payment), found?.money];
      if (own === copy) continue;
      const says = 'what payments says of the money is not what Stripe says';
      disagreements.push({
        ...{ comparison: 'charges', id: orderId, says },
        ...{ own: own ?? 'not charged', copy: copy ?? 'not charged' },
      });
    }
    suspects = suspects.filter(({ orderId }) => disagreements.some(({ id }) => id === orderId));
  }
  return { compared, disagreements };
}

/** @param {any} payment @returns {Money} */
function moneyOf(payment) {
  if (payment?.status === 'charged') return `${payment.amountInCents} charged, 0 refunded`;
  if (payment?.status === 'refunded')
    return `${payment.amountInCents} charged, ${payment.amountInCents} refunded`;
  return undefined;
}
