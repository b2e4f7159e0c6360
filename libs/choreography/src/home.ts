import { Unreadable } from '@ensemble/contracts';
import type { LogRecord, Offsets } from '@ensemble/log';
import type { Outcome, Work } from '@ensemble/telemetry';
import { type Input, nameOf } from './input.ts';
import { Undecidable } from './lane.ts';
import type { Lanes } from './lanes.ts';
import {
  deadLetter,
  type Letter,
  open,
  type Opened,
  positionOfRecord,
  redriveTopic,
} from './letter.ts';
import { parking, type Parking, type ParkingPolicy } from './parking.ts';
import { type Persistence, type Ports, Stopped } from './ports.ts';
import { schedule, type Schedule, type Slots } from './schedule.ts';
import type { Effects, Service } from './service.ts';
import { concernedBy, heardMessage, outcomeOf, within } from './traced.ts';

/** What a member keeps of a partition while it is its own: streams, to-dos, parked inputs. */
export interface Home {
  readonly partition: number;
  readonly schedule: Schedule;
  readonly parking: Parking;
  start(): Promise<void>;
  /** Takes a letter in, in the order of the calls; resolves when it is decided, parked or dead, to what became of it. */
  deliver(letter: Letter, stream?: string): Promise<Outcome>;
  /** All records of a topic before this offset have been heard. */
  heard(topic: string, offset: number): void;
  stop(): Promise<void>;
}

type OpenedInput = Extract<Opened, { kind: 'input' }>;

export const home = (
  service: Service,
  partition: number,
  ports: Ports,
  persistence: Persistence,
  {
    topics,
    lanes,
    effects,
    slot,
    policy,
  }: {
    topics: readonly string[];
    lanes: Lanes;
    effects: Effects;
    slot: Slots;
    policy: ParkingPolicy;
  },
): Home => {
  const { log, clock, observe, telemetry } = ports;
  const { persist } = persistence;

  const offsets = new Map<string, number>();
  let listeners: (() => void)[] = [];
  let stopped = false;

  const isHeard = (ends: Offsets): boolean =>
    topics.every((topic) => (offsets.get(topic) ?? 0) >= (ends[topic]?.[partition] ?? 0));

  const heardAll = async (): Promise<void> => {
    const ends = await persist('log', () => log.ends(topics));
    while (!isHeard(ends)) {
      if (stopped) throw new Stopped(`partition ${partition} is another's now`);
      await new Promise<void>((resolve) => listeners.push(resolve));
    }
  };

  const wake = (): void => {
    const waiting = listeners;
    listeners = [];
    for (const listener of waiting) listener();
  };

  const hearRecord = (record: LogRecord, input?: Input, again?: 'retry'): Work => {
    const usual = record.topic === redriveTopic(service.name) ? 'redrive' : 'event';
    const reaction = service.on.get(record.headers['ce_type'] ?? '');
    const maySay = reaction === undefined || reaction.says.length > 0;
    return telemetry.hear(heardMessage(record, { trigger: again ?? usual, maySay }, input));
  };

  /**
   * Hears an input as a piece of work of its own. What came of a to-do belongs to its try, unless it
   * is heard later than it came.
   */
  const hear = (letter: Letter, { stream, input }: OpenedInput, again?: 'retry'): Work => {
    if (letter.kind === 'record' && input.kind !== 'came')
      return hearRecord(letter.record, input, again);
    const trigger = letter.kind === 'record' ? 'redrive' : again;
    const { id, trace } = input.kind === 'came' ? input : { id: input.id, trace: undefined };
    if (trigger === undefined) return { trace, end: () => undefined };
    return telemetry.recall({ id, name: nameOf(input), conversationId: stream, trigger, trace });
  };

  const bury = async (letter: Letter, error: Error): Promise<Outcome> => {
    const stream = letter.kind === 'record' ? (letter.record.key ?? '') : '';
    const dead = deadLetter(service.name, letter, {
      stream,
      partition,
      reason: error.message,
      at: clock.now(),
    });
    await persist('log', () => log.append([dead]));
    if (letter.kind === 'record') hearRecord(letter.record).end('dead', error);
    const what = letter.kind === 'record' ? positionOfRecord(letter.record) : letter.answered.id;
    observe('dead', { service: service.name, what, error, concerned: concernedBy(letter) });
    return 'dead';
  };

  const deliver = async (letter: Letter, ofStream?: string): Promise<Outcome> => {
    let opened;
    try {
      opened = open(service, letter, ofStream);
    } catch (error) {
      // Opening is pure: what cannot be opened now never can.
      return bury(letter, error instanceof Error ? error : new Unreadable(String(error)));
    }
    if (opened.kind === 'ignored') {
      observe('ignored', { service: service.name, what: opened.what });
      return 'nothing';
    }
    const { stream, input } = opened;
    const { id } = input;
    if (parked.has(stream, id)) {
      await parked.again(stream, id);
      return 'parked';
    }
    const turn = parked.turn(stream, letter);
    const work = hear(letter, opened);
    const park = async (reason: string): Promise<Outcome> => {
      await parked.park({ stream, id, turn, letter, reason });
      work.end('parked', reason);
      return 'parked';
    };
    if (parked.holds(stream)) return park('waits behind a parked input of its stream');
    try {
      const outcome = outcomeOf(await lanes.of(stream, partition).settle(within(work, input)));
      work.end(outcome);
      return outcome;
    } catch (error) {
      if (!(error instanceof Undecidable)) throw error;
      return await park(error.message);
    }
  };

  const parked = parking(service.name, partition, ports, persistence, {
    policy,
    retry: async (stream, letter) => {
      let work: Work | undefined;
      try {
        const opened = open(service, letter, stream);
        if (opened.kind === 'ignored') return null;
        const lane = lanes.of(stream, partition);
        lane.unblock();
        work = hear(letter, opened, 'retry');
        work.end(outcomeOf(await lane.settle(within(work, opened.input))));
        return null;
      } catch (error) {
        return { error, became: (outcome) => work?.end(outcome, error) };
      }
    },
    freed: (stream) => lanes.of(stream, partition).unblock(),
  });

  const toDos = schedule(service, partition, ports, persistence, {
    effects,
    slot,
    open: (stream, id) => lanes.of(stream, partition).open(id),
    heardAll,
    answer: (stream, answered) => deliver({ kind: 'came', answered }, stream),
    isParked: (stream, id) => parked.has(stream, id),
  });

  return {
    partition,
    schedule: toDos,
    parking: parked,
    start: async () => {
      const committed = await persist('log', () => log.committed(service.name, topics));
      for (const topic of topics) offsets.set(topic, committed[topic]?.[partition] ?? 0);
      await parked.load();
      await toDos.start();
    },
    deliver,
    heard: (topic, offset) => {
      offsets.set(topic, Math.max(offset, offsets.get(topic) ?? 0));
      wake();
    },
    stop: async () => {
      stopped = true;
      wake();
      parked.stop();
      await toDos.stop();
    },
  };
};
