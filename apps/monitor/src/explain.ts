import { randomBytes } from 'node:crypto';
import { flowTopic } from '@ensemble/choreography';
import { knowledge } from './flow/index.ts';
import type { LedgerRecord, Query, Search } from './ledger/search.ts';

const all = async (ledger: Pick<Search, 'search'>, query: Query): Promise<LedgerRecord[]> => {
  const records: LedgerRecord[] = [];
  for (let after: string | undefined; ;) {
    const { records: page, next } = await ledger.search({ ...query, order: 'oldest', after });
    records.push(...page);
    if (next === null) return records;
    after = next;
  }
};

/**
 * The story of a booking in plain sentences, a line each, from the ledger alone; undefined if it
 * knows nothing of it.
 * @param moment.now milliseconds since 1970 UTC
 */
export const explain = async (
  ledger: Pick<Search, 'search' | 'ofBooking'>,
  bookingId: string,
  { now, partitions }: { readonly now: number; readonly partitions: number },
): Promise<readonly string[] | undefined> => {
  const records = await ledger.ofBooking(bookingId);
  const known = knowledge({ secret: randomBytes(16).toString('hex'), partitions });
  const [first] = records;
  if (first === undefined) return undefined;
  // What its services promise, and the section that it is in.
  const declared = await all(ledger, { topic: flowTopic });
  const section = first.key === null ? [] : await all(ledger, { booking: first.key });
  for (const record of [...declared, ...section, ...records]) known.record(record);
  known.tick(now);
  const story = known.story(bookingId);
  if (story === undefined) return undefined;
  const { booking, waitsFor, steps, verdicts } = story;
  const seats = booking.seats.join(', ') || 'no seats';
  return [
    `${booking.bookingId}: ${booking.state}, ${seats} in ${booking.place}`,
    ...steps.map(({ at, sentence }) => `  ${new Date(at).toISOString()}  ${sentence}`),
    ...verdicts.map(({ kind, sentence }) => `  ! ${kind}: ${sentence}`),
    ...(waitsFor === null ? [] : [waitsFor]),
  ];
};
