import {
  type AnyEvent,
  type DataOf,
  events,
  type EventOf,
  type EventType,
  placeOf,
  readEvent,
  sourceOf,
  writeEvent,
} from '@ensemble/contracts';
import { type LogRecord, type Log, memoryLog, memoryLogData, type NewRecord } from '@ensemble/log';
import { memoryStore, memoryStoreData, type Store } from '@ensemble/store';
import { noTelemetry } from '@ensemble/telemetry';
import type { Clock } from './clock.ts';
import { idOf } from './ids.ts';
import type { Heard } from './input.ts';
import type { Ports } from './ports.ts';

/** The moment at which specs begin: 2026-11-21T12:00:00.000Z. */
export const noon = Date.UTC(2026, 10, 21, 12);

const idle = memoryStore();
/** One turn of the event loop. */
const turn = async (): Promise<void> => void (await idle.known(''));
/** So many turns that whatever is under way, and waits for no clock, has ended. */
export const quiet = async (turns = 60): Promise<void> => {
  for (let left = turns; left > 0; left -= 1) await turn();
};
/** Waits for a condition, for a bounded number of turns. */
export const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (let left = 5_000; left > 0; left -= 1) {
    if (await holds()) return;
    await turn();
  }
  throw new Error(`expected in vain: ${String(holds)}`);
};

/** A clock that stands still until a spec moves it. */
export interface ManualClock extends Clock {
  /** Moves on, and runs at its moment whatever falls due on the way. */
  advance(ms: number): Promise<void>;
  /** When the tasks that wait are due. */
  waiting(): number[];
}

export const manualClock = (start = noon): ManualClock => {
  let now = start;
  const tasks = new Set<{ at: number; task: () => void }>();
  const next = (before: number) =>
    [...tasks].filter(({ at }) => at <= before).sort((a, b) => a.at - b.at)[0];
  return {
    now: () => now,
    after: (ms, task) => {
      const entry = { at: now + ms, task };
      tasks.add(entry);
      return () => void tasks.delete(entry);
    },
    advance: async (ms) => {
      const end = now + ms;
      await quiet();
      for (let due = next(end); due !== undefined; due = next(end)) {
        tasks.delete(due);
        now = Math.max(now, due.at);
        due.task();
        await quiet(20);
      }
      now = end;
      await quiet();
    },
    waiting: () => [...tasks].map(({ at }) => at).sort((a, b) => a - b),
  };
};

/** A log and a store in memory, a clock, and what every runtime on them told. */
export interface World {
  readonly clock: ManualClock;
  readonly logData: ReturnType<typeof memoryLogData>;
  readonly storeData: ReturnType<typeof memoryStoreData>;
  readonly log: Log;
  readonly store: Store;
  /** `happening what`, in order. */
  readonly happenings: string[];
  /** Ports of a process of its own, with what is given in place of the usual. */
  ports(instead?: Partial<Ports>): Ports;
  /** Puts events on the log, as their owners would. */
  publish(...said: readonly AnyEvent[]): Promise<void>;
  /** What stands on a topic, by partition and offset. */
  records(topic: string): readonly LogRecord[];
  /** `type#sequence` of what stands on a topic. */
  said(topic: string): string[];
}

export const world = ({ partitions = 1 }: { partitions?: number } = {}): World => {
  const clock = manualClock();
  const logData = memoryLogData({
    partitions,
    now: () => clock.now(),
    after: (ms, task) => clock.after(ms, task),
  });
  const storeData = memoryStoreData();
  const log = memoryLog(logData);
  const happenings: string[] = [];
  const records = (topic: string): readonly LogRecord[] =>
    Array.from({ length: partitions }, (_, n) => logData.records.slice(topic, n, 0, 1e6)).flat();
  return {
    clock,
    logData,
    storeData,
    log,
    store: memoryStore(storeData),
    happenings,
    ports: (instead = {}) => ({
      log: memoryLog(logData),
      store: memoryStore(storeData),
      clock,
      random: () => 0.5,
      observe: (happening, { what }) => void happenings.push(`${happening} ${what}`),
      telemetry: noTelemetry,
      ...instead,
    }),
    publish: async (...said) => {
      await log.declare([...new Set(said.map(({ type }) => events[type].noun))].map(named));
      await log.append(said.map(recordOf));
    },
    records,
    said: (topic) =>
      records(topic).map(({ headers }) => `${headers['ce_type']}#${headers['ce_sequence']}`),
  };
};
const named = (name: string) => ({ name });

/** An event as a record to append. */
export const recordOf = (event: AnyEvent): NewRecord => {
  const message = writeEvent(event);
  return { ...message, value: Buffer.from(message.value) };
};

/** An event as a record of the log, standing at an offset. */
export const standing = (event: AnyEvent, offset: number): LogRecord => ({
  ...recordOf(event),
  partition: 0,
  offset,
  timestamp: noon,
});

/** The booking of a number, of the section `stalls` of `hamlet` unless another is named. */
export const bookingOf = (number: number, section = 'stalls') => ({
  bookingId: idOf('booking', number),
  showId: 'hamlet',
  section,
});

/** An event about a booking as its owner would say it; the rest is as in the event's example. */
export const eventOf = <Type extends EventType>(
  type: Type,
  booking: number,
  data: Partial<DataOf<Type>> = {},
  envelope: Partial<AnyEvent> = {},
): EventOf<Type> & AnyEvent => {
  const definition = events[type];
  const full = definition.schema.parse({ ...definition.example, ...bookingOf(booking), ...data });
  const event = {
    id: idOf(type, JSON.stringify(full)),
    type,
    source: sourceOf(definition.owner),
    time: noon,
    version: definition.version,
    ...placeOf(full),
    causationId: 'spec',
    sequence: 1,
    data: full,
    ...envelope,
  } as AnyEvent;
  const reading = readEvent({ ...recordOf(event), timestamp: Infinity });
  if (reading.kind !== 'event') throw new Error(`${type} cannot be read`);
  return reading.event as EventOf<Type> & AnyEvent;
};

/** An event as it is heard at an offset of its topic. */
export const heardAt = (offset: number, event: AnyEvent): Heard => ({
  kind: 'event',
  id: event.id,
  event,
  position: `${events[event.type].noun}/0/${offset}`,
});

/** What a decision about a booking says: the place that its data need. */
export const placeOnly = ({ bookingId, showId, section }: DataOf<'booking.withdrawn'>) => ({
  bookingId,
  showId,
  section,
});
