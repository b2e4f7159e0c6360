import { money } from '@ensemble/ui';
import type { MoneyView } from '../views.ts';

/** Sums of money, one for each currency. */
export const Sums = ({ of }: { of: readonly MoneyView[] }) => (
  <>{of.length === 0 ? '–' : of.map(money).join(' + ')}</>
);
