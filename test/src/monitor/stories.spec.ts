import { describe, expect, it } from '@jest/globals';
import { flowTopic } from '@ensemble/choreography';
import type { LogRecord } from '@ensemble/log';
import { play } from '../stage/play.ts';
import { newKnowledge, recordsOf, tell } from './told.ts';

/** What a monitor shows of everything in the end. */
const picture = (records: readonly LogRecord[], partitions: number): unknown => {
  const monitor = newKnowledge(partitions);
  for (const record of records) monitor.record(record);
  monitor.tick(Math.max(...records.map(({ timestamp }) => timestamp)) + 60_000);
  const { bookings } = monitor.bookings();
  return {
    map: monitor.map(),
    conformance: monitor.conformance(),
    stuck: monitor.stuck(),
    stories: bookings.map(({ bookingId }) => monitor.story(bookingId)),
  };
};

describe('the monitor of a whole play', () => {
  it('knows the same in whatever order it reads the partitions', async () => {
    for (const seed of [3, 4, 5]) {
      await play(seed, {
        atRest: (stage) => {
          const records = recordsOf(stage);
          const isTable = ({ topic }: LogRecord): boolean => topic === flowTopic;
          const tables = records.filter(isTable);
          const rest = records.filter((record) => !isTable(record));
          const byPartition = [
            ...Map.groupBy(rest, ({ topic, partition }) => `${topic}/${partition}`).values(),
          ];
          const expected = picture(records, stage.log.partitions);
          for (const order of [byPartition, byPartition.toReversed()]) {
            expect(picture([...order.flat(), ...tables], stage.log.partitions)).toEqual(expected);
          }
        },
      });
    }
  }, 60_000);

  it('finds the cause of everything that was said, through to-dos that left no trace', async () => {
    for (const seed of [6, 7, 8]) {
      await play(seed, {
        atRest: (stage) => {
          const monitor = newKnowledge(stage.log.partitions);
          tell(monitor, recordsOf(stage));
          const steps = monitor
            .bookings()
            .bookings.flatMap(({ bookingId }) => monitor.story(bookingId)?.steps ?? []);
          // A request is a person's: of a customer at the gateway, of a steward at a door.
          const isAsked = ({ service, event }: (typeof steps)[number]): boolean =>
            service === 'gateway' || event === 'ticket.admitted';
          const uncaused = steps.filter(
            (step) => step.kind === 'said' && !isAsked(step) && step.causedBy === undefined,
          );
          expect(steps.length).toBeGreaterThan(60);
          expect([seed, uncaused]).toEqual([seed, []]);
        },
      });
    }
  }, 60_000);
});
