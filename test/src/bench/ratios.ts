import type { Figures } from './measure.ts';

/** What is compared with what, in bookings a second or in the median time to a ticket. */
const compared = [
  { what: '(b) of (d), bookings/s', of: 'kafka', with: 'bare', by: 'perSecond' },
  { what: '(b) of (d), p50', of: 'kafka-calm', with: 'bare-calm', by: 'p50' },
  { what: '(c) of (d), bookings/s', of: 'mongo', with: 'bare', by: 'perSecond' },
  {
    what: '3 instances of 1, bookings/s',
    of: 'instances-3',
    with: 'instances-1',
    by: 'perSecond',
  },
] as const;

/** A line for each ratio that can be had from the rows that were measured. */
export const ratios = (found: ReadonlyMap<string, Figures>): string[] => {
  const lines = compared.flatMap(({ what, of, with: other, by }) => {
    const [one, two] = [found.get(of)?.[by], found.get(other)?.[by]];
    return one === undefined || two === undefined ? [] : [`  ${what}: ${(one / two).toFixed(2)}`];
  });
  return lines.length === 0 ? [] : ['', 'In one run:', ...lines];
};
