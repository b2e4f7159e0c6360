/** The names in a pattern such as `/bookings/:id`. */
type Names<Pattern extends string> = Pattern extends `${infer Head}/${infer Tail}`
  ? Names<Head> | Names<Tail>
  : Pattern extends `:${infer Name}`
    ? Name
    : never;

/** A kind of address of a page: read from a path, written as one. */
export interface Route<Pattern extends string> {
  readonly pattern: Pattern;
  /** What the path says, by name; undefined if it is of another kind. */
  match(path: string): Readonly<Record<Names<Pattern>, string>> | undefined;
  /** The path with these words in it; and a query, without what is undefined or empty. */
  to(
    words: Readonly<Record<Names<Pattern>, string>>,
    query?: Readonly<Record<string, string | undefined>>,
  ): string;
}

const decoded = (part: string): string | undefined => {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined; // a lone %: no address of ours
  }
};

/** A route by its pattern. */
export const route = <Pattern extends string>(pattern: Pattern): Route<Pattern> => {
  const parts = pattern.split('/');
  return {
    pattern,
    match: (path) => {
      const found = path.length > 1 ? path.replace(/\/$/, '').split('/') : path.split('/');
      if (found.length !== parts.length) return undefined;
      const words: Record<string, string> = {};
      for (const [index, part] of parts.entries()) {
        const word = decoded(found[index] ?? '');
        if (!part.startsWith(':')) {
          if (word !== part) return undefined;
        } else if (word) words[part.slice(1)] = word;
        else return undefined;
      }
      return words as Record<Names<Pattern>, string>;
    },
    to: (words, query = {}) => {
      const named: Readonly<Record<string, string>> = words;
      const path = parts
        .map((part) =>
          part.startsWith(':') ? encodeURIComponent(named[part.slice(1)] ?? '') : part,
        )
        .join('/');
      return withQuery(path, query);
    },
  };
};

/** A path with a query, without what is undefined or empty. */
export const withQuery = (
  path: string,
  query: Readonly<Record<string, string | undefined>>,
): string => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) search.set(name, value);
  return search.size === 0 ? path : `${path}?${search.toString()}`;
};
