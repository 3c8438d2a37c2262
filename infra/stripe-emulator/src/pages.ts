// The two pages people see: what was charged, and the stand-in for a bank's 3-D Secure question.
import type Stripe from 'stripe';
import { formatAmount } from './money';
import type { ChargeSummary } from './summary';

const shownRows = 200;

const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0) ?? 0};`);

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  .sandbox { border: 2px solid; border-radius: .5rem; padding: .5rem 1rem; }
  .wide { overflow-x: auto; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; padding: .35rem .75rem; border-bottom: 1px solid #8886; }
  button { font: inherit; padding: .5rem 1rem; margin-right: .5rem; min-height: 44px; }
</style>
<main>
<p class="sandbox"><strong>Sandbox.</strong> A local stand-in for Stripe: no bank is asked and no money moves.</p>
${body}
</main>
</html>
`;

function row(summary: ChargeSummary): string {
  const { payment_intent, orderId, currency, status, charged, refunded } = summary;
  const money = (amount: number): string => formatAmount(amount, currency);
  const cells = [
    payment_intent,
    orderId ?? '',
    money(summary.amount),
    status,
    money(charged),
    money(refunded),
  ];
  return `<tr>${cells.map((cell) => `<td>${escape(cell)}</td>`).join('')}</tr>`;
}

/** The latest payments first. */
export function chargesPage(rows: readonly ChargeSummary[]): string {
  const shown = rows.slice(-shownRows).reverse();
  const heads = ['Payment', 'Order', 'Amount', 'Status', 'Charged', 'Refunded'];
  const table = `<div class="wide"><table>
<thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead>
<tbody>${shown.map(row).join('\n')}</tbody></table></div>`;
  const note = rows.length > shown.length ? `<p>The latest ${shownRows} of ${rows.length}.</p>` : '';
  const content = rows.length === 0 ? '<p>Nothing was charged yet.</p>' : `${table}${note}`;
  return page('Stripe emulator', `<h1>Charges and refunds</h1>\n${content}`);
}

export function threeDSecurePage(intent: Stripe.PaymentIntent, returnUrl: string): string {
  const question =
    intent.status === 'requires_action'
      ? `<form method="post">
<input type="hidden" name="return_url" value="${escape(returnUrl)}">
<button name="outcome" value="complete">Complete</button><button name="outcome" value="fail">Fail</button>
</form>`
      : `<p>There is nothing to confirm: this payment is <strong>${escape(intent.status)}</strong>.</p>`;
  return page(
    '3-D Secure',
    `<h1>Your bank asks: is this you?</h1>
<p>A payment of <strong>${escape(formatAmount(intent.amount, intent.currency))}</strong> (${escape(intent.id)}).</p>
${question}`,
  );
}

export const messagePage = (message: string): string =>
  page('Stripe emulator', `<h1>${escape(message)}</h1>`);
