/**
 * Where the page begins, with a slash at its end: `/`, or the prefix under which a proxy serves it.
 * The server's element `base` says so. What it said when the page was loaded is the document's base;
 * its own `href` is reckoned anew from whatever address is shown by now.
 */
const root = (): string =>
  document.querySelector('base') === null ? '/' : new URL(document.baseURI).pathname;

/** The path that the browser asks for, of one that begins at the page's root. */
export const outer = (path: string): string => root() + path.slice(1);

/** The path from the page's root on, of one that the browser is at. */
export const inner = (path: string): string => `/${path.slice(root().length)}`;
