// Stripe's Payment Element, with a stand-in for the script that comes from js.stripe.com: it does what that one would, at the
// emulator. Whatever it says, the page believes the servers.
import type { Page } from 'playwright-core';
import { inspect, useBrowser } from './support/browser';
import { expectStatus, Person } from './support/person';
import { enterAs, hold, payButton, seesPaid, stamped } from './support/shopping';
import { useSystem } from './support/use-system';
import { readCharges } from './support/world';

const system = useSystem({ env: { STRIPE_PUBLISHABLE_KEY: 'pk_test_local' } });
const open = useBrowser(() => system().url);

let seller: Person;
beforeAll(async () => {
  seller = await Person.signedUp(system());
});

const list = async (title: string): Promise<string> => expectStatus(201, await seller.list(title, 19.99)).id;

/** What a page finds at js.stripe.com. The card is a payment method's name, as Stripe's test methods are called. */
const script = `window.Stripe = () => {
  const input = () => document.querySelector('[name=stand-in]');
  return {
    _registerWrapper() {},
    registerAppInfo() {},
    elements: ({ clientSecret }) => ({
      clientSecret,
      create: () => {
        let ready = () => {};
        return {
          on: (name, listener) => { if (name === 'ready') ready = listener; },
          mount: (place) => {
            place.innerHTML = '<label>Card at Stripe <input name="stand-in"></label>';
            ready();
          },
          destroy: () => {},
        };
      },
    }),
    confirmPayment: ({ elements, confirmParams }) =>
      window.atStripe(elements.clientSecret, input().value, confirmParams.return_url),
    handleNextAction: ({ clientSecret }) => window.atBank(clientSecret),
  };
};`;

interface Confirmed {
  error?: { type: string; message: string };
}

/** The stand-in's own door to the emulator: what Stripe's script would do behind the page's back. */
async function atEmulator(path: string, form: Record<string, string>): Promise<Confirmed> {
  const answer = await fetch(`${system().address('stripe')}${path}`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk_test_local' },
    body: new URLSearchParams(form),
    redirect: 'manual',
    signal: AbortSignal.timeout(20_000),
  });
  if (!answer.headers.get('content-type')?.includes('json')) return {};
  const { error } = (await answer.json()) as Confirmed;
  return error ? { error } : {};
}

const intentOf = (clientSecret: string): string => clientSecret.split('_secret')[0] ?? '';

async function openBuyer(): Promise<Page> {
  const page = await open();
  await enterAs(page.context(), await Person.signedUp(system()), system().url);
  await page.route('https://js.stripe.com/**', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: script }),
  );
  await page.exposeFunction('atStripe', (secret: string, method: string) =>
    atEmulator(`/v1/payment_intents/${intentOf(secret)}/confirm`, { payment_method: method }),
  );
  await page.exposeFunction('atBank', (secret: string) =>
    atEmulator(`/emulator/3ds/${intentOf(secret)}`, { outcome: 'complete' }),
  );
  return page;
}

async function payWith(page: Page, method: string): Promise<void> {
  await page.getByLabel('Card at Stripe').fill(method);
  await payButton(page).click();
}

const chargesOf = async (orderId: string) =>
  (await readCharges(system())).filter((each) => each.orderId === orderId && each.charged > 0);

test('a card is declined at Stripe, another pays, and the order says so', async () => {
  const page = await openBuyer();
  const orderId = await hold(page, await list('By Stripe'));
  await page.getByLabel('Card at Stripe').waitFor();
  await inspect(page, 'order-stripe');
  await payWith(page, 'pm_card_chargeDeclined');
  await page.getByText('You still hold the ticket').waitFor();
  await payWith(page, 'pm_card_visa');
  await seesPaid(page);
  expect(await chargesOf(orderId)).toEqual([expect.objectContaining({ charged: 1999, refunded: 0 })]);
});

test('a bank that wants to be asked is asked, also after a reload', async () => {
  const page = await openBuyer();
  const orderId = await hold(page, await list('By Stripe and a bank'));
  await payWith(page, 'pm_card_threeDSecure2Required');
  await page.getByText('Your bank wants to be asked').waitFor();
  expect(await chargesOf(orderId)).toEqual([]);
  await page.reload();
  await page.getByRole('button', { name: 'Confirm with your bank' }).click();
  await seesPaid(page);
  expect(await chargesOf(orderId)).toHaveLength(1);
});

test('a browser that is gone after the bank’s question has paid all the same', async () => {
  const page = await openBuyer();
  const orderId = await hold(page, await list('Gone after paying'));
  await page.getByLabel('Card at Stripe').fill('pm_card_threeDSecure2Required');
  await payButton(page).click();
  await page.getByText('Your bank wants to be asked').waitFor();
  const secret = await page.evaluate<string>(
    `fetch('/api/payments/${orderId}').then((answer) => answer.json()).then(({ clientSecret }) => clientSecret)`,
  );
  const context = page.context();
  await page.close();
  await atEmulator(`/emulator/3ds/${intentOf(secret)}`, { outcome: 'complete' });
  const later = await context.newPage();
  await later.goto(`/orders/${orderId}`);
  await seesPaid(later);
  expect(await chargesOf(orderId)).toHaveLength(1);
});

test('where Stripe’s script cannot be had it says so, and offers to try again', async () => {
  const page = await openBuyer();
  await page.unrouteAll();
  await page.route('https://js.stripe.com/**', (route) => route.abort());
  await hold(page, await list('Without Stripe'));
  await page.getByText('Stripe cannot be reached').waitFor();
  await inspect(page, 'order-stripe-away');
  await page.unrouteAll();
  await page.route('https://js.stripe.com/**', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: script }),
  );
  await page.getByRole('button', { name: 'Try again' }).click();
  await payWith(page, 'pm_card_visa');
  await seesPaid(page);
  await page.getByRole('link', { name: 'See all your orders' }).click();
  await stamped(page, 'Paid');
});
