import type { Commit, FiledToDo, ParkedInput } from '../store.ts';

/** A commit with everything a commit may have. */
export const commit = (
  stream: string,
  version: number,
  cause: string,
  rest: Partial<Commit> = {},
): Commit => ({
  stream,
  version,
  cause,
  partition: 3,
  position: `booking/3/${version}`,
  heard: { seats: ['A-12', 'A-13'], name: 'Ada Żółć 🎭', paid: null, price: 12.5 },
  says: [
    {
      topic: 'seat',
      key: 'hamlet/A',
      headers: { ce_id: cause, ce_subject: 'Żółć' },
      value: '{"seats":["A-12"]}',
    },
  ],
  does: [{ id: `charge-${cause}`, name: 'charge', args: { amount: 100 }, dueAt: 5, until: 9 }],
  withdraws: ['remind-1'],
  settled: version - 1,
  at: 1_800_000_000_000,
  trace: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  ...rest,
});

/** Consecutive commits of a stream, each caused by what is named after its version. */
export const run = (stream: string, from: number, to: number, by = 'cause'): Commit[] =>
  Array.from({ length: to - from + 1 }, (_, index) =>
    commit(stream, from + index, `${by}-${from + index}`),
  );

/** A to-do on the schedule of partition 1. */
export const toDo = (id: string, rest: Partial<FiledToDo> = {}): FiledToDo => ({
  id,
  name: 'charge',
  args: { amount: 100, card: 'pm_card_visa' },
  dueAt: 1_000,
  stream: 'booking-1',
  partition: 1,
  tries: 0,
  ...rest,
});

/** An input parked in partition 1. */
export const input = (
  stream: string,
  id: string,
  rest: Partial<ParkedInput> = {},
): ParkedInput => ({
  stream,
  id,
  partition: 1,
  sequence: 1,
  at: 1_800_000_000_000,
  tries: 0,
  reason: 'TypeError: seats is not iterable',
  input: { topic: 'booking', value: 'Żółć' },
  ...rest,
});

/** Whole numbers from 0 on. */
export const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
