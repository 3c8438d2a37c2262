// Every page and state as people see it: nothing for axe to object to, nothing wider than a phone; pictures are kept.
import type { Page } from 'playwright-core';
import { picture, sideways, useBrowser, violations } from './support/browser';
import { expectStatus, Person } from './support/person';
import { useSystem } from './support/use-system';

const expirationSeconds = 25;
const system = useSystem({ expirationSeconds });
const open = useBrowser(() => system().url);

const widths = [360, 1280];
const schemes = ['light', 'dark'] as const;
const titles = [
  'Bach in the Cathedral, front nave',
  'City Derby, north stand',
  'Donaudampfschifffahrtsgesellschaftskapitänsmützenausstellung in Wien',
  'The Tempest, balcony',
];
let seller: Person;
let buyer: Person;

beforeAll(async () => {
  [seller, buyer] = await Promise.all([Person.signedUp(system()), Person.signedUp(system())]);
  for (const title of titles) expectStatus(201, await seller.list(title, 1249.5));
});

async function openAs(person: Person | undefined): Promise<Page> {
  const page = await open();
  const [name = '', ...value] = (person?.cookie ?? '').split('=');
  if (name) await page.context().addCookies([{ name, value: value.join('='), url: system().url }]);
  return page;
}

/** Looks at the page as it is, at every width and in both schemes. */
async function inspect(page: Page, name: string): Promise<void> {
  const found: Record<string, unknown> = {};
  for (const width of widths) {
    for (const colorScheme of schemes) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const [wrong, over] = [await violations(page), await sideways(page)];
      if (wrong.length > 0 || over > 0) found[`${name} ${width} ${colorScheme}`] = { wrong, over };
      await picture(page, `${name}-${width}-${colorScheme}`);
    }
  }
  expect(found).toEqual({});
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
  await page.getByRole('button', { name: '4000 0000 0000 0002' }).click();
  await page.getByRole('button', { name: /^Pay/ }).click();
  await page.getByText('You still hold').waitFor();
  await picture(page, 'order-declined');
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
