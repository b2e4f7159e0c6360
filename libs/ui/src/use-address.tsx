import { type AnchorHTMLAttributes, type MouseEvent, useSyncExternalStore } from 'react';
import { inner, outer } from './root.ts';

/** Where the reader is: path and query. */
export interface Address {
  readonly path: string;
  readonly query: URLSearchParams;
}

const moved = 'ensemble:moved';

const subscribe = (hear: () => void): (() => void) => {
  window.addEventListener('popstate', hear);
  window.addEventListener(moved, hear);
  return () => {
    window.removeEventListener('popstate', hear);
    window.removeEventListener(moved, hear);
  };
};

const here = (): string => inner(window.location.pathname) + window.location.search;

/** The address now; renders again when it changes. */
export const useAddress = (): Address => {
  const [path = '/', search] = useSyncExternalStore(subscribe, here).split('?', 2);
  return { path, query: new URLSearchParams(search) };
};

let moves = 0;

/** Whether the reader came to where he is from elsewhere in the page. */
export const hasMoved = (): boolean => moves > 0;

/** Goes to an address of the page; in place of this one where going back to it would be of no use. */
export const go = (to: string, { replace = false } = {}): void => {
  if (to === here()) return;
  window.history[replace ? 'replaceState' : 'pushState'](null, '', outer(to));
  moves += 1;
  window.dispatchEvent(new Event(moved));
};

/** A link to an address of the page. */
export const Link = ({
  to,
  onClick,
  children,
  ...rest
}: AnchorHTMLAttributes<HTMLAnchorElement> & { to: string }) => (
  <a
    href={outer(to)}
    onClick={(event: MouseEvent<HTMLAnchorElement>) => {
      onClick?.(event);
      const isOurs = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey);
      if (!isOurs || event.altKey || event.defaultPrevented) return;
      event.preventDefault();
      go(to);
    }}
    {...rest}
  >
    {children}
  </a>
);
