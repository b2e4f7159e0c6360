import type { Stage } from '@ensemble/testing/stage';
import type { Cast } from './cast.ts';
import type { Referee } from './invariants.ts';
import { settled } from './settled.ts';
import { short, Violation } from './violation.ts';

/** Hears everything again, then builds the read models anew: nothing may change by either. */
export const checkReplay = async (stage: Stage<Cast>, referee: Referee): Promise<void> => {
  const before = referee.picture();
  await stage.replay();
  if (referee.picture() !== before) throw new Violation('replay', 'a replay changed the world');

  const models = stage.playing('gateway').flatMap(({ bookings }) => bookings ?? []);
  const read = async (bookingId: string): Promise<string[]> => {
    const read = await Promise.all(models.map((model) => model.facts(bookingId)));
    return read.map((facts) => facts.map(({ id }) => id).join());
  };
  const readAll = (): Promise<string[][]> =>
    settled(stage, Promise.all(referee.bookings().map(read)));
  const kept = await readAll();
  await settled(stage, models[0]?.rebuild() ?? Promise.resolve(0));
  const rebuilt = await readAll();
  for (const [index, bookingId] of referee.bookings().entries()) {
    const found = new Set([...(kept[index] ?? []), ...(rebuilt[index] ?? [])]);
    const published = referee.published(bookingId).toSorted().join();
    if (found.size === 1 && [...found].every((ids) => sorted(ids) === published)) continue;
    throw new Violation(
      'replay',
      `booking ${short(bookingId)} is read as ${[...found].join(' or ')}`,
    );
  }
};

const sorted = (ids: string): string => ids.split(',').toSorted().join();
