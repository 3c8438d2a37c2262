// The marketplace in a browser: people sell, hold and pay; lose races, cards, sessions and answers; and are told the truth.
import type { Page } from 'playwright-core';
import { useBrowser } from './support/browser';
import { eventually } from './support/eventually';
import { expectStatus, Person } from './support/person';
import { enterAs, enterCard, hold, payButton, seesPaid } from './support/shopping';
import { useSystem } from './support/use-system';
import { readCharges } from './support/world';

const system = useSystem({});
const open = useBrowser(() => system().url);

let seller: Person;
beforeAll(async () => {
  seller = await Person.signedUp(system());
});

async function openAs(person: Person, options = {}): Promise<Page> {
  const page = await open(options);
  await enterAs(page.context(), person, system().url);
  return page;
}

async function openBuyer(options = {}): Promise<Page> {
  return openAs(await Person.signedUp(system()), options);
}

const list = async (title: string): Promise<string> => expectStatus(201, await seller.list(title, 19.99)).id;

const chargesOf = async (orderId: string) =>
  (await readCharges(system())).filter((each) => each.orderId === orderId && each.charged > 0);

test('two people, two browsers: one sells, the other finds, holds, is declined, pays, and has it', async () => {
  const [her, him] = await Promise.all([open(), open()]);
  await her.goto('/sell');
  await her.getByRole('link', { name: 'Sign up' }).last().click();
  await her.getByLabel('E-mail').fill('ann@people.test');
  await her.getByLabel('Password').fill('a long password');
  await her.getByRole('main').getByRole('button', { name: 'Sign up' }).click();
  await her.waitForURL('**/sell');
  await her.getByRole('button', { name: 'List it' }).click();
  await her.getByText('Say what the ticket is for.').waitFor();
  expect(await her.evaluate('document.activeElement.id')).toBe('title');
  await her.getByLabel('What is it for?').fill('Two people, front row');
  await her.getByLabel('Price').fill('12,50');
  await her.getByRole('button', { name: 'List it' }).click();
  await her.getByText('You are selling this.').waitFor();

  await him.goto('/');
  await him.getByLabel('Search tickets').fill('front row');
  await him.getByRole('button', { name: 'Search' }).click();
  await him.waitForURL('**/?q=front+row');
  await him.getByRole('link', { name: 'Two people, front row' }).click();
  await him.getByRole('link', { name: 'Sign in to hold it' }).click();
  await him.getByRole('main').getByRole('link', { name: 'Sign up' }).click();
  await him.getByLabel('E-mail').fill('bob@people.test');
  await him.getByLabel('Password').fill('a long password');
  await him.getByRole('main').getByRole('button', { name: 'Sign up' }).click();
  await him.getByRole('button', { name: 'Hold this ticket' }).click();
  await him.getByRole('timer').waitFor();
  const orderId = him.url().split('/').at(-1) ?? '';

  await enterCard(him, '4000 0000 0000 0002');
  await payButton(him).click();
  await him.getByText('You still hold the ticket.').waitFor();
  await him.getByRole('button', { name: '4242 4242 4242 4242' }).click();
  await payButton(him).click();
  await seesPaid(him);
  expect(await chargesOf(orderId)).toEqual([expect.objectContaining({ charged: 1250, refunded: 0 })]);

  await eventually(async () => {
    await her.goto('/listings');
    expect(await her.locator('.sums').textContent()).toContain('Brought in$12.50');
  });
  await him.goto('/orders');
  expect(await him.locator('.ticket').textContent()).toContain('Paid');
});

test('of two who press at once one holds the ticket, and the other is told and shown others', async () => {
  const [ticketId] = [await list('A race'), await list('Not a race')];
  const pages = await Promise.all([openBuyer(), openBuyer()]);
  await Promise.all(pages.map((page) => page.goto(`/tickets/${ticketId}`)));
  await Promise.all(pages.map((page) => page.getByRole('button', { name: 'Hold this ticket' }).click()));
  const outcomes = await Promise.all(
    pages.map((page) =>
      Promise.race([
        page.waitForURL('**/orders/*').then(() => 'held'),
        page
          .getByText('Someone was faster')
          .waitFor()
          .then(() => 'lost'),
      ]),
    ),
  );
  expect(outcomes.sort()).toEqual(['held', 'lost']);
  const loser = pages[(await pages[0].getByText('Someone was faster').count()) > 0 ? 0 : 1];
  await loser.getByRole('heading', { name: 'Others that are free' }).waitFor();
  await loser.getByText('Somebody is holding this ticket.').waitFor();
});

test('a double click and a reload in the middle of paying charge once', async () => {
  const page = await openBuyer();
  const orderId = await hold(page, await list('Charged once'));
  await slowStripe(1500);
  try {
    await enterCard(page, '4242424242424242');
    const [sent] = await Promise.all([page.waitForRequest('**/api/payments'), payButton(page).dblclick()]);
    expect(sent.method()).toBe('POST');
    await page.reload();
    // The page that comes back knows that a payment is under way, offers no other, and sees it through.
    await seesPaid(page);
  } finally {
    await slowStripe(0);
  }
  expect(await chargesOf(orderId)).toHaveLength(1);
});

test('a lost answer is neither a success nor a failure: the order tells', async () => {
  const page = await openBuyer();
  const orderId = await hold(page, await list('Lost answer'));
  await page.route('**/api/payments', async (route) => {
    await route.fetch();
    await route.abort();
  });
  await enterCard(page, '4242424242424242');
  await payButton(page).click();
  await seesPaid(page);
  expect(await chargesOf(orderId)).toHaveLength(1);
});

test('who is signed out in the middle of a purchase signs in and is back at it', async () => {
  const person = await Person.signedUp(system());
  const page = await openAs(person);
  const orderId = await hold(page, await list('Signed out'));
  await page.context().clearCookies();
  await enterCard(page, '4242424242424242');
  await payButton(page).click();
  await page.getByText('Your session has ended').first().waitFor();
  await page.waitForURL('**/signin**');
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password').fill(person.password);
  await page.getByLabel('Password').press('Enter');
  await page.waitForURL(`**/orders/${orderId}`);
  await enterCard(page, '4242424242424242');
  await payButton(page).click();
  await seesPaid(page);
});

test('letting a hold go frees the ticket, and another browser sees it come free without a reload', async () => {
  const ticketId = await list('Let go');
  const [mine, other] = await Promise.all([openBuyer(), openBuyer()]);
  await hold(mine, ticketId);
  await eventually(async () => {
    await other.goto(`/tickets/${ticketId}`);
    expect(await other.locator('.stamp').allTextContents()).toEqual(['On hold']);
  });
  await mine.getByRole('button', { name: 'Let it go' }).click();
  await mine.locator('.stamp', { hasText: 'Cancelled' }).waitFor();
  await other.getByRole('button', { name: 'Hold this ticket' }).waitFor();
});

test('a whole purchase with the keyboard alone, the focus always in sight', async () => {
  const title = 'Keyboard alone';
  await list(title);
  const page = await openBuyer();
  await page.goto('/?q=Keyboard');
  const tabTo = async (name: string | RegExp): Promise<void> => {
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate<[string, string]>(
        `(() => { const e = document.activeElement; const o = (s) => getComputedStyle(e, s).outlineStyle;
          return [e.labels?.[0]?.textContent ?? e.textContent, [o(), o('::after')].join()] })()`,
      );
      expect(focused[1]).toContain('solid');
      if (typeof name === 'string' ? focused[0].includes(name) : name.test(focused[0])) return;
    }
    throw new Error(`The keyboard never reached ${String(name)}`);
  };
  await tabTo(title);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/tickets/*');
  await page.getByRole('button', { name: 'Hold this ticket' }).waitFor();
  await tabTo('Hold this ticket');
  await page.keyboard.press('Enter');
  await page.getByRole('timer').waitFor();
  await tabTo('Card number');
  await page.keyboard.type('4242424242424242');
  await page.keyboard.press('Tab');
  await page.keyboard.type('1234');
  await page.keyboard.press('Tab');
  await page.keyboard.type('123');
  await tabTo(/^Pay/);
  await page.keyboard.press('Enter');
  await seesPaid(page);
});

test('without JavaScript one signs up, reads, holds, is declined and pays', async () => {
  const ticketId = await list('No script');
  const page = await open({ javaScriptEnabled: false });
  await page.goto('/?q=No+script');
  await page.getByRole('link', { name: 'No script' }).click();
  await page.getByRole('link', { name: 'Sign in to hold it' }).click();
  await page.getByRole('main').getByRole('link', { name: 'Sign up' }).click();
  await page.getByLabel('E-mail').fill('noscript@people.test');
  await page.getByLabel('Password').fill('short');
  await page.getByRole('main').getByRole('button', { name: 'Sign up' }).click();
  await page.getByText('Choose a password of 8 to 128 characters.').waitFor();
  expect(await page.getByLabel('E-mail').inputValue()).toBe('noscript@people.test');
  await page.getByLabel('Password').fill('a long password');
  await page.getByRole('main').getByRole('button', { name: 'Sign up' }).click();
  expect(page.url()).toContain(`/tickets/${ticketId}`);
  await page.getByRole('button', { name: 'Hold this ticket' }).click();
  expect(page.url()).toContain('/orders/');
  await enterCard(page, '4000000000000002');
  await payButton(page).click();
  await page.getByRole('alert').getByText('declined').first().waitFor();
  await enterCard(page, '4242424242424242');
  await payButton(page).click();
  await seesPaid(page);
  await page.goto('/orders');
  await page.getByRole('link', { name: 'No script' }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('link', { name: 'Sign in' }).first().waitFor();
});

async function slowStripe(latencyMs: number): Promise<void> {
  await fetch(`${system().address('stripe')}/emulator/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ latencyMs }),
  });
}

test.each([
  ['', {}],
  [', without JavaScript as well', { javaScriptEnabled: false }],
])('a bank that wants to be asked is asked before anything is charged%s', async (_how, options) => {
  const page = await openBuyer(options);
  const orderId = await hold(page, await list('Asked by the bank'));
  await enterCard(page, '4000000000003220');
  await payButton(page).click();
  await page.getByText('Your bank wants to be asked').waitFor();
  expect(await chargesOf(orderId)).toEqual([]);
  await page.getByRole('link', { name: 'Go to your bank' }).click();
  await page.getByRole('button', { name: 'Complete' }).click();
  await page.waitForURL(`**/orders/${orderId}?**`);
  await eventually(async () => {
    await page.reload();
    await page.locator('.stamp', { hasText: 'Paid' }).waitFor({ timeout: 2000 });
  });
  expect(await chargesOf(orderId)).toHaveLength(1);
});

test('who tells the bank no, or has too little there, still holds the ticket and can pay otherwise', async () => {
  const page = await openBuyer();
  const orderId = await hold(page, await list('Refused by the bank'));
  for (const [number, answer] of [
    ['4000000000003220', 'Fail'],
    ['4000008400001629', 'Complete'],
  ] as const) {
    await enterCard(page, number);
    await payButton(page).click();
    await page.getByRole('link', { name: 'Go to your bank' }).click();
    await page.getByRole('button', { name: answer }).click();
    await page.waitForURL(`**/orders/${orderId}?**`);
    await page.getByText('You still hold the ticket').waitFor();
  }
  await enterCard(page, '4242424242424242');
  await payButton(page).click();
  await seesPaid(page);
  expect(await chargesOf(orderId)).toHaveLength(1);
});
