import { type ReactNode, useEffect, useRef } from 'react';
import { useWords } from './language.tsx';
import { hasMoved, Link, useAddress } from './use-address.tsx';

/** A place that the navigation leads to. */
export interface Place {
  readonly to: string;
  readonly name: string;
  /** Of what is there, if it says something; with the words for it. */
  readonly count?: { readonly value: number; readonly words: string } | undefined;
}

/** The frame of a page: a way past the navigation, the navigation, and what is read. */
export const Shell = ({
  name,
  places,
  aside,
  children,
}: {
  name: string;
  places: readonly Place[];
  aside?: ReactNode;
  children: ReactNode;
}) => {
  const { path } = useAddress();
  const { skip, views } = useWords();
  // A mere #main would be one of the page's root.
  const here = window.location.pathname + window.location.search;
  const isHere = (to: string): boolean =>
    to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`);
  return (
    <>
      <a className="skip" href={`${here}#main`}>
        {skip}
      </a>
      <header className="masthead">
        <Link to="/" className="name">
          {name}
        </Link>
        <nav aria-label={views}>
          <ul>
            {places.map(({ to, name: place, count }) => (
              <li key={to}>
                <Link to={to} aria-current={isHere(to) ? 'page' : undefined}>
                  {place}
                  {count && count.value > 0 && (
                    <span className="count">
                      {count.value}
                      <span className="unseen"> {count.words}</span>
                    </span>
                  )}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        {aside}
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </>
  );
};

/**
 * The heading of a view, which also names the window. Whoever came by a link within the page goes on
 * reading here.
 */
export const Title = ({ children, window: name }: { children: ReactNode; window: string }) => {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = name;
  }, [name]);
  useEffect(() => {
    if (hasMoved()) ref.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, []);
  return (
    <h1 ref={ref} tabIndex={-1}>
      {children}
    </h1>
  );
};
