/**
 * Where the page begins, with a slash at its end: `/`, or the prefix under which a proxy serves it.
 * The server's element `base` said so when the page came; the address may have changed since, by
 * which that element would read otherwise, but not the document's base.
 */
const root = (): string => new URL('.', document.baseURI).pathname;

/** The path that the browser asks for, of one that begins at the page's root. */
export const outer = (path: string): string => root() + path.slice(1);

/** The path from the page's root on, of one that the browser is at. */
export const inner = (path: string): string => `/${path.slice(root().length)}`;
