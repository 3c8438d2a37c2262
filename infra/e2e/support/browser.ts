// A real browser: the system's Chromium, a fresh profile for every person, and axe to look at what they see.
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const artefacts = resolve(__dirname, '../../../artefacts/client');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** For a test file: opens a page for one more person, who shares nothing with the others. */
export function useBrowser(url: () => string): (options?: BrowserContextOptions) => Promise<Page> {
  let browser: Browser | undefined;
  beforeAll(async () => {
    // Found, or not, by ./build.cjs before all files.
    const executablePath = process.env['CHROME_PATH'];
    if (!executablePath) throw new Error(process.env['CHROME_MISSING'] ?? 'There is no browser.');
    browser = await chromium.launch({ executablePath, args: flags, chromiumSandbox: false });
  });
  afterAll(async () => browser?.close());
  return async (options = {}) => {
    if (!browser) throw new Error('The browser has not been started.');
    const context = await browser.newContext({ baseURL: url(), locale: 'en-US', ...options });
    context.setDefaultTimeout(20_000);
    return context.newPage();
  };
}

/** What axe finds wrong on the page as it is, in words. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  // WCAG 2.2's size of targets is not among what axe looks at unless it is told.
  const run = `axe.run(document, { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } }).then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' | ')))`;
  return page.evaluate<string[]>(run);
}

/** How many pixels the page is wider than its window. */
const sideways = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** Kept as an artefact, to be looked at. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(artefacts, { recursive: true });
  await page.screenshot({ path: join(artefacts, `${name}.png`), fullPage: true });
}

const widths = [360, 1280];
const schemes = ['light', 'dark'] as const;

/** Looks at the page as it is, at every width and in both schemes. */
export async function inspect(page: Page, name: string): Promise<void> {
  const found: Record<string, unknown> = {};
  for (const width of widths) {
    for (const colorScheme of schemes) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      // What is dark and narrow is neither otherwise coloured nor otherwise laid out than what was looked at before.
      const wrong = width === 360 && colorScheme === 'dark' ? [] : await violations(page);
      const over = await sideways(page);
      if (wrong.length > 0 || over > 0) found[`${name} ${width} ${colorScheme}`] = { wrong, over };
      await picture(page, `${name}-${width}-${colorScheme}`);
    }
  }
  expect(found).toEqual({});
}
