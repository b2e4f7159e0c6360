import type { Money } from '@ensemble/contracts';
import type { SalesView } from './schemas.ts';
import type { Draw } from './show-views.ts';

type ShowSales = SalesView['shows'][number];
type SectionSales = ShowSales['sections'][number];

/** Amounts of one currency together: one for each currency. */
const sums = (amounts: readonly Money[]): Money[] =>
  [...Map.groupBy(amounts, ({ currency }) => currency)].map(([currency, all]) => ({
    amount: all.reduce((sum, { amount }) => sum + amount, 0),
    currency,
  }));

const total = (sections: readonly SectionSales[], what: 'sold' | 'held' | 'free'): number =>
  sections.reduce((sum, section) => sum + section[what], 0);

/**
 * How a show sells. The money is that of the seats that are sold: at rest, that of the charges,
 * for what was charged is a sold seat or goes back.
 */
export const showSales: Draw<ShowSales> = (description, sections, stateOf) => {
  const sales = sections.map((each): SectionSales => {
    const { section, price, seats } = each;
    const count = { sold: 0, held: 0, free: 0 };
    for (const seat of seats) count[stateOf(each, seat)] += 1;
    const { currency } = price;
    return { section, price, ...count, taken: { amount: count.sold * price.amount, currency } };
  });
  return {
    ...description,
    sections: sales,
    sold: total(sales, 'sold'),
    held: total(sales, 'held'),
    free: total(sales, 'free'),
    taken: sums(sales.map(({ taken }) => taken)),
  };
};
