import { type Fault, play } from '../stage/play.ts';
import { newKnowledge, recordsOf, tell } from './told.ts';

/** Seeds to be played with some faults, or with all. */
export interface Season {
  readonly from: number;
  readonly seeds: number;
  readonly only?: readonly Fault[] | undefined;
}

/** What the monitor made of them. */
export interface Judged {
  readonly bookings: number;
  /** Every verdict that stood at any moment, with its seed. */
  readonly verdicts: readonly string[];
  /** Bookings that were not over in the end, or for which something was still owed. */
  readonly unfinished: readonly string[];
}

/** Plays seeds, and has the monitor look at every second of them. */
export const judge = async ({ from, seeds, only }: Season): Promise<Judged> => {
  const verdicts = new Set<string>();
  const unfinished: string[] = [];
  let bookings = 0;
  for (let seed = from; seed < from + seeds; seed += 1) {
    await play(seed, {
      only,
      atRest: (stage) => {
        const monitor = newKnowledge(stage.log.partitions);
        const look = (): void => {
          for (const { kind, sentence, bookingId } of monitor.conformance().verdicts) {
            verdicts.add(`${kind}: seed ${seed}, booking ${bookingId}: ${sentence}`);
          }
        };
        tell(monitor, recordsOf(stage), { look });
        bookings += monitor.conformance().checked;
        for (const { bookingId, isFinal } of monitor.bookings().bookings) {
          if (!isFinal) unfinished.push(`seed ${seed}, booking ${bookingId}`);
        }
      },
    });
  }
  return { bookings, verdicts: [...verdicts], unfinished };
};
