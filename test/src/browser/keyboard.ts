import type { Page } from 'playwright-core';

/** No page of ours has more stops than this before the one that is wanted. */
const stopsAtMost = 150;

/** What a screen reader would call the element that has the focus. */
export const focused = (page: Page): Promise<string> =>
  page.evaluate(`(() => {
    const element = document.activeElement;
    const label = element.ariaLabel ?? [...(element.labels ?? [])].map((each) => each.innerText).join(' ');
    return (label || element.textContent).trim();
  })()`);

const is = (name: string, wanted: string | RegExp): boolean =>
  typeof wanted === 'string' ? name === wanted || name.startsWith(`${wanted} `) : wanted.test(name);

/** Presses Tab until what has this name has the focus. */
export const tabTo = async (page: Page, wanted: string | RegExp): Promise<void> => {
  const passed: string[] = [];
  for (let stop = 0; stop < stopsAtMost; stop += 1) {
    await page.keyboard.press('Tab');
    const name = await focused(page);
    if (is(name, wanted)) return;
    passed.push(name);
  }
  throw new Error(`expected to reach ${String(wanted)} by Tab, passed ${passed.join(' | ')}`);
};

/** Goes to the field of this name by Tab, and types. */
export const typeInto = async (page: Page, field: string, text: string): Promise<void> => {
  if (!is(await focused(page), field)) await tabTo(page, field);
  await page.keyboard.type(text);
};
