import { owners } from '@ensemble/contracts';
import type { LedgerRecord, Query, Search } from '../ledger/search.ts';
import type { ReplayView } from '../views.ts';
import { replayed } from './marked.ts';
import type { Mandate, PutBack } from './put-back.ts';

/** Which events are meant; at least a booking, a type, or a time from which on. */
export type Selection = Pick<Query, 'booking' | 'type' | 'from' | 'until'>;

const pageLength = 500;
/** More at one time is a matter for who can stop it. */
export const replayAtMost = 10_000;

/** The events of the ledger that are meant and that a service hears, the oldest first. */
export const selected = async function* (
  ledger: Pick<Search, 'search'>,
  selection: Selection,
  hears: readonly string[],
): AsyncGenerator<readonly LedgerRecord[]> {
  for (let after: string | undefined; ;) {
    const { records, next } = await ledger.search({
      ...selection,
      order: 'oldest',
      after,
      limit: pageLength,
    });
    yield records.filter(
      ({ topic, headers }) =>
        Object.hasOwn(owners, topic) && hears.includes(headers['ce_type'] ?? ''),
    );
    if (next === null) return;
    after = next;
  }
};

/**
 * Gives one service events once more. What it has decided it knows: it acknowledges the copy and
 * repeats nothing, neither what it said nor what it did. What it never heard, it hears now.
 */
export const replay = async (
  { ledger, putBack }: { ledger: Pick<Search, 'search'>; putBack: PutBack },
  { service, hears }: { readonly service: string; readonly hears: readonly string[] },
  selection: Selection,
  mandate: Mandate,
): Promise<ReplayView> => {
  let count = 0;
  for await (const page of selected(ledger, selection, hears)) {
    const records = page.slice(0, replayAtMost - count);
    if (records.length > 0) {
      await putBack(records.map((record) => replayed(service, record, mandate)));
    }
    count += records.length;
    if (records.length < page.length) return { service, count, isCut: true };
  }
  return { service, count, isCut: false };
};
