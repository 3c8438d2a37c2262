// What people do in a browser, by what they read on it.
import type { BrowserContext, Locator, Page } from 'playwright-core';
import type { Person } from './person';

/** Hands a session that the API gave to a browser. */
export async function enterAs(context: BrowserContext, person: Person, url: string): Promise<void> {
  const [name = '', ...value] = person.cookie.split('=');
  await context.addCookies([{ name, value: value.join('='), url }]);
}

export const holdButton = (page: Page): Locator => page.getByRole('button', { name: 'Hold this ticket' });
export const payButton = (page: Page): Locator => page.getByRole('button', { name: /^Pay/ });
export const stamped = (page: Page, hasText: string): Promise<void> =>
  page.locator('.stamp', { hasText }).waitFor();
export const seesPaid = (page: Page): Promise<void> => stamped(page, 'Paid');

/** @returns the order's id */
export async function hold(page: Page, ticketId: string): Promise<string> {
  await page.goto(`/tickets/${ticketId}`);
  await holdButton(page).click();
  await page.waitForURL('**/orders/*');
  return page.url().split('/').at(-1) ?? '';
}

export async function enterCard(page: Page, number: string): Promise<void> {
  await page.getByLabel('Card number').fill(number);
  await page.getByLabel('Expiry').fill('12/34');
  await page.getByLabel('CVC').fill('123');
}
