// Every page and state as people see it: nothing for axe to object to, nothing wider than a phone; pictures are kept.
import type { Page } from 'playwright-core';
import { inspect, useBrowser } from './support/browser';
import { expectStatus, Person } from './support/person';
import { enterAs, hold, payButton, stamped } from './support/shopping';
import { useSystem } from './support/use-system';

const expirationSeconds = 25;
const system = useSystem({ expirationSeconds });
const open = useBrowser(() => system().url);

const tickets = [
  ['Bach in the Cathedral, front nave', 38],
  ['City Derby, north stand', 54.5],
  ['Donaudampfschifffahrtsgesellschaftskapitänsmützenausstellung in Wien', 1_000_000],
  ['Midnight Jazz Trio, table for one', 19.99],
  ['Harbour Lights Festival, Saturday', 1249.5],
  ['The Tempest, balcony', 27.25],
] as const;
let seller: Person;
let buyer: Person;

beforeAll(async () => {
  [seller, buyer] = await Promise.all([Person.signedUp(system()), Person.signedUp(system())]);
  const page = await open();
  await page.goto('/');
  await inspect(page, 'tickets-none');
  for (const [title, price] of tickets) expectStatus(201, await seller.list(title, price));
});

async function openAs(person: Person | undefined): Promise<Page> {
  const page = await open();
  if (person) await enterAs(page.context(), person, system().url);
  return page;
}

test('pages for everybody', async () => {
  const page = await openAs(undefined);
  for (const [name, path] of [
    ['tickets', '/'],
    ['search-empty', '/?q=nothing+like+it'],
    ['sign-in', '/signin?next=/orders&why=session'],
    ['sign-up', '/signup'],
    ['not-found', '/nowhere'],
    ['no-ticket', '/tickets/0123456789abcdef01234567'],
  ] as const) {
    await page.goto(path);
    await inspect(page, name);
  }
  await page.goto('/signup');
  await page.getByRole('main').getByRole('button', { name: 'Sign up' }).click();
  await page.getByText('Enter your e-mail').waitFor();
  await inspect(page, 'sign-up-problems');
});

test('what others see of a ticket, and who comes too late', async () => {
  const { id } = expectStatus(201, await seller.list('Wanted by many', 75));
  const late = await openAs(buyer);
  // So that it does not hear of the other's hold before it asks for its own.
  await late.route(/api.tickets.(stream|\w{24})$/, (route) => route.abort());
  await late.goto(`/tickets/${id}`);
  const winner = await Person.signedUp(system());
  const order = await winner.orderSoon(id);
  await late.unrouteAll();
  await late.getByRole('button', { name: 'Hold this ticket' }).click();
  await late.getByText('Someone was faster').waitFor();
  await inspect(late, 'race-lost');
  const owner = await openAs(seller);
  await owner.goto(`/tickets/${id}/edit`);
  await owner.getByText('A buyer is holding this ticket.').waitFor();
  await inspect(owner, 'edit-refused');
  const visitor = await open();
  await visitor.goto(`/tickets/${id}`);
  await stamped(visitor, 'On hold');
  await inspect(visitor, 'ticket-held');
  expect((await winner.paySoon(order.id)).status).toBe(201);
  await stamped(visitor, 'Sold');
  await inspect(visitor, 'ticket-sold');
  await owner.goto(`/orders/${order.id}`);
  await owner.getByText('This is not yours to see').waitFor();
  await inspect(owner, 'order-of-another');
});

test('a hold that is declined, and let go', async () => {
  const { id } = expectStatus(201, await seller.list('Let go in the end', 19.99));
  const page = await openAs(buyer);
  await hold(page, id);
  await page.getByRole('button', { name: '4000 0000 0000 0002' }).click();
  await payButton(page).click();
  await page.getByText('You still hold').waitFor();
  await inspect(page, 'order-declined');
  await page.getByRole('button', { name: 'Let it go' }).click();
  await stamped(page, 'Cancelled');
  await inspect(page, 'order-cancelled');
});

test('a seller’s pages', async () => {
  const page = await openAs(seller);
  const { id } = expectStatus(201, await seller.list('Mine to edit', 5));
  for (const [name, path] of [
    ['sell', '/sell'],
    ['listings', '/listings'],
    ['own-ticket', `/tickets/${id}`],
    ['edit', `/tickets/${id}/edit`],
    ['orders-empty', '/orders'],
    ['sign-out', '/signout'],
  ] as const) {
    await page.goto(path);
    await inspect(page, name);
  }
  await page.goto('/sell');
  await page.getByRole('button', { name: 'List it' }).click();
  await page.getByText('Say what the ticket is for.').waitFor();
  await inspect(page, 'sell-problems');
  const newcomer = await openAs(await Person.signedUp(system()));
  await newcomer.goto('/listings');
  await inspect(newcomer, 'listings-empty');
});

test('a hold, from free to paid', async () => {
  const page = await openAs(buyer);
  await page.goto('/?q=Bach');
  await page.getByRole('link', { name: /Bach/ }).click();
  await page.getByRole('button', { name: 'Hold this ticket' }).waitFor();
  await inspect(page, 'ticket');
  await page.getByRole('button', { name: 'Hold this ticket' }).click();
  await page.getByRole('timer').waitFor();
  await inspect(page, 'order-held');
  await page.getByRole('button', { name: '4242 4242 4242 4242' }).click();
  await page.getByRole('button', { name: /^Pay/ }).click();
  await page.locator('.stamp', { hasText: 'Paid' }).waitFor();
  await inspect(page, 'order-paid');
  await page.goto('/orders');
  await inspect(page, 'orders');
});

test('a hold runs out on screen, the page says so by itself, and the ticket is free again', async () => {
  const page = await openAs(buyer);
  await page.goto('/?q=Derby');
  await page.getByRole('link', { name: /Derby/ }).click();
  await page.getByRole('button', { name: 'Hold this ticket' }).click();
  await page.getByRole('timer').waitFor();
  await page.evaluate(`(() => {
    window.said = [];
    const region = document.querySelector('main p.visually-hidden[role=status]');
    const listen = new MutationObserver(() => window.said.push(region.textContent));
    listen.observe(region, { childList: true, characterData: true, subtree: true });
  })()`);
  const stranger = await openAs(seller);
  await stranger.goto('/listings');
  await stranger.getByRole('heading', { name: 'Held' }).waitFor();
  await inspect(stranger, 'listings-held');
  const shown = await page.getByRole('timer').textContent();
  expect(shown).toMatch(/^0:[0-2]\d$/);
  await page
    .locator('.stamp', { hasText: 'Hold ended' })
    .waitFor({ timeout: expirationSeconds * 1000 + 5000 });
  expect(await page.getByRole('timer').count()).toBe(0);
  // Twenty-five seconds, and two or three of them worth a word: the server's may come before our own count has ended.
  const said = await page.evaluate<string[]>('window.said');
  expect(said.filter((text) => text !== 'The time is up.')).toEqual([
    '10 seconds left to pay.',
    'Hold ended',
  ]);
  expect(said.length).toBeLessThanOrEqual(3);
  await inspect(page, 'order-ended');
  await page.getByRole('link', { name: 'See if it is free again' }).click();
  await page.getByRole('button', { name: 'Hold this ticket' }).waitFor();
});

test('an outage of tickets and being offline are told, and trying again is offered', async () => {
  const page = await openAs(buyer);
  await page.goto('/orders');
  await page.context().setOffline(true);
  await page.getByText('You are offline.').waitFor();
  await inspect(page, 'offline');
  await page.context().setOffline(false);
  await system().stopPart('tickets');
  try {
    const answer = await page.goto('/');
    expect(answer?.status()).toBe(503);
    await page.getByRole('link', { name: 'Try again' }).waitFor();
    await inspect(page, 'outage');
  } finally {
    await system().startPart('tickets');
  }
  await page.getByRole('link', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'Tickets for sale' }).waitFor();
});
