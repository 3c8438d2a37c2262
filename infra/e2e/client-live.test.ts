// What others do appears by itself, in another tab as in another browser; and the address and the server's clock say what is so.
import type { BrowserContextOptions, Page } from 'playwright-core';
import { picture, useBrowser, violations } from './support/browser';
import { eventually } from './support/eventually';
import { expectStatus, Person } from './support/person';
import { enterAs, enterCard, hold, holdButton, payButton, seesPaid, stamped } from './support/shopping';
import { useSystem } from './support/use-system';

const system = useSystem({});
const open = useBrowser(() => system().url);

let seller: Person;
beforeAll(async () => {
  seller = await Person.signedUp(system());
});

async function openAs(person: Person, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await open(options);
  await enterAs(page.context(), person, system().url);
  return page;
}

const list = async (title: string, price = 19.99): Promise<string> =>
  expectStatus(201, await seller.list(title, price)).id;

test('two tabs of one buyer show one truth: held, declined, paid', async () => {
  const ticketId = await list('Two tabs');
  const first = await openAs(await Person.signedUp(system()));
  const second = await first.context().newPage();
  await second.goto(`/tickets/${ticketId}`);
  await holdButton(second).waitFor();
  const orderId = await hold(first, ticketId);
  await stamped(second, 'Held for you');
  await second.getByRole('link', { name: 'Go to your order' }).click();
  await second.waitForURL(`**/orders/${orderId}`);
  await enterCard(second, '4000000000000002');
  await payButton(second).click();
  await second.getByText('You still hold the ticket').waitFor();
  await enterCard(first, '4242424242424242');
  await payButton(first).click();
  await Promise.all([seesPaid(first), seesPaid(second)]);
  await second.goBack();
  await stamped(second, 'Yours');
});

test.each([
  ['by the stream', false],
  ['by polling, where there is no stream', true],
])('the list, a ticket and one’s listings follow what others do: %s', async (_how, isStreamless) => {
  const ticketId = await list('Followed');
  const [visitor, shown, owner] = [await open(), await open(), await openAs(seller)];
  for (const page of [visitor, shown, owner]) {
    if (isStreamless) await page.route('**/stream', (route) => route.abort());
  }
  await visitor.goto('/');
  await shown.goto(`/tickets/${ticketId}`);
  await owner.goto('/listings');
  const buyer = await Person.signedUp(system());
  const { id: orderId } = await buyer.orderSoon(ticketId);
  const card = visitor.locator('.ticket', { hasText: 'Followed' }).first();
  await Promise.all([
    card.getByText('Taken').waitFor(),
    stamped(shown, 'On hold'),
    owner.locator('.ticket', { hasText: 'Followed' }).first().getByText('On hold').waitFor(),
  ]);
  await list('Listed meanwhile');
  await visitor.getByRole('button', { name: /new ticket/ }).click();
  await visitor.getByRole('link', { name: 'Listed meanwhile' }).first().waitFor();
  expect((await buyer.paySoon(orderId)).status).toBe(201);
  await Promise.all([
    stamped(shown, 'Sold'),
    owner.locator('.ticket', { hasText: 'Followed' }).first().getByText('Sold', { exact: true }).waitFor(),
    owner.locator('.sums', { hasText: isStreamless ? 'Brought in$59.97' : 'Brought in$39.98' }).waitFor(),
  ]);
});

test('search, sorting and pages are the address, so that the back button and a reload keep them', async () => {
  for (const [title, price] of [
    ['Sorted, middle', 20],
    ['Sorted, cheap', 10],
    ['Sorted, dear', 30],
  ] as const)
    await list(title, price);
  const page = await open();
  /** The address changes first, and the page when it has its answer. */
  const seesTitles = (...titles: string[]): Promise<void> =>
    eventually(async () => {
      expect(await page.locator('.ticket-title').allTextContents()).toEqual(titles);
    });
  await page.goto('/');
  await page.getByLabel('Search tickets').fill('sorted');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/?q=sorted');
  await page.getByRole('link', { name: 'Cheapest' }).click();
  await page.waitForURL('**/?q=sorted&sort=price');
  await seesTitles('Sorted, cheap', 'Sorted, middle', 'Sorted, dear');
  await page.getByRole('link', { name: 'Dearest' }).click();
  await page.waitForURL('**sort=-price');
  await seesTitles('Sorted, dear', 'Sorted, middle', 'Sorted, cheap');
  await page.getByRole('link', { name: 'Sorted, middle' }).click();
  await holdOrSignIn(page);
  await page.goBack();
  await page.getByRole('link', { name: 'Sorted, dear' }).waitFor();
  await seesTitles('Sorted, dear', 'Sorted, middle', 'Sorted, cheap');
  await page.goBack();
  await page.waitForURL('**/?q=sorted&sort=price');
  await page.reload();
  await seesTitles('Sorted, cheap', 'Sorted, middle', 'Sorted, dear');
  expect(await page.getByLabel('Search tickets').inputValue()).toBe('sorted');
});

const holdOrSignIn = (page: Page): Promise<void> =>
  page.getByRole('link', { name: 'Sign in to hold it' }).waitFor();

test('a clock that is an hour wrong changes nothing about the seconds, and neither does a reload', async () => {
  const page = await openAs(await Person.signedUp(system()));
  await page.clock.install({ time: Date.now() + 3_600_000 });
  await page.clock.resume();
  const orderId = await hold(page, await list('Wrong clock'));
  const { expiresAt } = expectStatus(
    200,
    await page.evaluate<{ status: number; body: { expiresAt: string }; headers: Headers; code: string }>(
      `fetch('/api/orders/${orderId}').then(async (answer) => ({ status: answer.status, body: await answer.json() }))`,
    ),
  );
  for (let visit = 0; visit < 2; visit++) {
    await page.getByRole('timer').waitFor();
    // By the second answer the server's clock is known to a fraction of a second.
    await page.waitForTimeout(1500);
    const [minutes = 0, seconds = 0] = ((await page.getByRole('timer').textContent()) ?? '')
      .split(':')
      .map(Number);
    const left = (Date.parse(expiresAt) - Date.now()) / 1000;
    expect(Math.abs(minutes * 60 + seconds - left)).toBeLessThan(2);
    await page.reload();
  }
});

test('a page on its way shows its shape; offline the page that is there stays', async () => {
  const ticketId = await list('On its way');
  const page = await open();
  await page.goto('/');
  await page.route('**/_next/data/**', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await route.continue();
  });
  await page.getByRole('link', { name: 'On its way' }).click();
  await page.getByText('Loading', { exact: true }).waitFor();
  expect(await violations(page)).toEqual([]);
  await picture(page, 'skeleton-ticket');
  await page.waitForURL(`**/tickets/${ticketId}`);
  await page.unroute('**/_next/data/**');
  await page.context().setOffline(true);
  await page.getByText('You are offline.').waitFor();
  await page.getByRole('link', { name: 'Sell' }).click();
  await page.getByText('That page has to wait').waitFor();
  expect(page.url()).toContain(ticketId);
  await page.context().setOffline(false);
  await page.getByText('You are offline.').waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Sell' }).click();
  await page.waitForURL('**/signin**');
});

test('a page may run nothing but its own scripts, and breaks none of its own rules', async () => {
  const page = await open();
  const complaints: string[] = [];
  page.on('console', (message) => {
    const isMissing = message.location().url.endsWith('/stream'); // until a service streams
    if (['error', 'warning'].includes(message.type()) && !isMissing) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  const answer = await page.goto('/');
  expect(answer?.headers()['content-security-policy']).toMatch(/script-src 'self'; style-src 'self';/);
  await page.getByRole('link', { name: 'Sell' }).click();
  await page.waitForURL('**/signin**');
  expect(complaints).toEqual([]);
  await page.evaluate(
    `document.body.insertAdjacentHTML('beforeend', '<img src="/icon.svg" onload="window.hurt = true">')`,
  );
  expect(await page.evaluate('window.hurt')).toBeUndefined();
  await eventually(() => {
    expect(complaints).toEqual([expect.stringContaining('inline event handler')]);
  });
});
