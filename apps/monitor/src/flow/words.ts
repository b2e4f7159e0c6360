import type { Money } from '@ensemble/contracts';

/** A moment as people read it: the time of day in UTC. */
export const clockTime = (at: number): string => `${new Date(at).toISOString().slice(11, 19)} UTC`;

/** A span of time as people read it. */
export const duration = (ms: number): string => {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  return minutes < 60
    ? `${minutes} min ${Math.floor((ms % 60_000) / 1_000)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

/** `a`, `a or b`, `a, b or c`. */
export const oneOfThese = (names: readonly string[], word = 'or'): string =>
  names.length < 2
    ? names.join('')
    : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1) ?? ''}`;

/** An amount as people read it. */
export const money = ({ amount, currency }: Money): string =>
  `${(amount / 100).toFixed(2)} ${currency}`;

/** Amounts added up by currency. */
export const sumOf = (amounts: readonly (Money | null)[]): Money[] => {
  const sums = new Map<string, number>();
  for (const each of amounts) {
    if (each !== null) sums.set(each.currency, (sums.get(each.currency) ?? 0) + each.amount);
  }
  return [...sums].map(([currency, amount]) => ({ amount, currency }));
};
