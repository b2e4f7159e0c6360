import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';

const { source } = createRequire(import.meta.url)('axe-core') as { readonly source: string };
/** Kept for whoever wants to see, and by CI as artifacts; not in the repository. */
const shots = join(import.meta.dirname, '../../../.nx/screenshots');

/** How somebody looks at a page. */
export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly colours?: 'light' | 'dark';
}

/** A window on a page, and all that the browser complained about in it. */
export interface Window {
  readonly page: Page;
  /** Errors of scripts, refusals by the content security policy, failed requests. */
  readonly complaints: readonly string[];
}

/** Opens a window. What goes wrong in it is kept, whatever happens to be looked at. */
export const openWindow = async (
  browser: Browser,
  { width = 1_360, height = 900, colours = 'light' }: Look = {},
): Promise<Window> => {
  const page = await browser.newPage({
    viewport: { width, height },
    colorScheme: colours,
    reducedMotion: 'reduce',
  });
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return { page, complaints };
};

/** A screenshot of the whole page, in the folder of artifacts. */
export const shoot = async (page: Page, name: string): Promise<void> => {
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
};

/** What WCAG 2.2 AA and good practice find wrong, in words. */
export const barriers = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(source); // not a script element, which the page's policy forbids
  const { violations } = await page.evaluate<Pick<AxeResults, 'violations'>>(
    `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary ?? ''}`,
    ),
  );
};

/** How much wider the page is than its window, in CSS pixels. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
