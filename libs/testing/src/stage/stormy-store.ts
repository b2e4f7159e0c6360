import type { Commit, Store } from '@ensemble/store';
import type { Chance } from './chance.ts';
import type { Wire } from './wire.ts';

type Call = (...args: readonly unknown[]) => Promise<unknown>;

/** Calls that may come to be done in part: those that take a list. */
const divisible = new Set(['append', 'file', 'unfile', 'park', 'unpark', 'keep']);

/** What a call is about, in a few words. */
const describe = (name: string, [first]: readonly unknown[]): string => {
  if (!Array.isArray(first)) return typeof first === 'string' ? `${name} ${first}` : name;
  const ids = first.map((each: string | { id?: string; stream?: string; version?: number }) => {
    if (typeof each === 'string') return each.slice(0, 8);
    return `${each.stream?.slice(0, 8) ?? ''} ${each.version ?? each.id?.slice(0, 8)}`;
  });
  return `${name} ${ids.join(', ')}`;
};

/**
 * A process's port to its store, over a wire.
 * @param applied told when commits have been appended
 * @param remembered told when a snapshot of a stream was found
 */
export const stormyStore = (
  inner: Store,
  {
    wire,
    chance,
    applied,
    remembered,
  }: {
    wire: Wire;
    chance: Chance;
    applied(stream: string): void;
    remembered(stream: string): void;
  },
): Store => {
  const calls = inner as unknown as Readonly<Record<string, Call>>;

  const apply = async (name: string, args: readonly unknown[]): Promise<unknown> => {
    const result = calls[name]?.(...args);
    if (name === 'append') applied((args[0] as readonly Commit[])[0]?.stream ?? '');
    if (name === 'snapshot' && (await result) !== undefined) remembered(args[0] as string);
    return result;
  };

  /** A store may die between commits and their to-dos. */
  const loseToDos = (run: readonly Commit[]) => (stored: unknown) =>
    inner.unfile(run.slice(0, Number(stored)).flatMap(({ does }) => does.map(({ id }) => id)));

  const part = (name: string, args: readonly unknown[]): (() => void) | undefined => {
    const list = args.at(-1);
    if (!divisible.has(name) || !Array.isArray(list)) return undefined;
    return () => {
      const few = list.slice(0, chance.below(list.length + 1));
      if (few.length === 0) return;
      const stored = apply(name, [...args.slice(0, -1), few]);
      if (name === 'append' && chance.happens(0.5)) void stored.then(loseToDos(few));
    };
  };

  const overWire =
    (name: string): Call =>
    (...args) =>
      wire({
        what: describe(name, args),
        apply: () => apply(name, args),
        applyPart: part(name, args),
      });

  return Object.fromEntries(
    Object.keys(inner).map((name) => [name, overWire(name)]),
  ) as unknown as Store;
};
