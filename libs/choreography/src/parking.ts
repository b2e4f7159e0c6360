import type { ParkedInput } from '@ensemble/store';
import { idOf } from './ids.ts';
import { deadKey, deadLetter, type Letter, pack, unpack } from './letter.ts';
import { placeAmong } from './place-among.ts';
import { detach, type Persistence, type Ports } from './ports.ts';
import { concernedBy } from './traced.ts';
import { room } from './room.ts';

/** When what is parked is tried again. */
export interface ParkingPolicy {
  /** The wait before the first retry, in milliseconds; it doubles. */
  readonly firstMs: number;
  readonly maxMs: number;
  /** Retries before the input goes to the dead letters. */
  readonly limit: number;
  /** Beyond so many in a partition nothing more is acknowledged: the log keeps them better. */
  readonly atMost?: number;
}

const parkedAtMost = 10_000;

/** About 40 minutes: time for an operator, or for a rolling upgrade to reach this instance. */
export const patientParking: ParkingPolicy = { firstMs: 1_000, maxMs: 600_000, limit: 12 };

/**
 * The inputs of a partition that wait because a decision of their stream failed: in order, in the
 * store, while all other streams go on.
 */
export interface Parking {
  /** Takes up what is in the store. */
  load(): Promise<void>;
  holds(stream: string): boolean;
  has(stream: string, id: string): boolean;
  /**
   * Makes sure, when an input comes again that is parked, that it is and stays on file. Who owned
   * the partition before, or this process itself, may be sending it to the dead letters just now,
   * and from there it came back.
   */
  again(stream: string, id: string): Promise<void>;
  /** A place in the order of coming, to be taken before anything is awaited. */
  turn(stream: string, letter: Letter): number;
  /**
   * Parks an input; a record only where there is room for it and nothing that it stands behind was
   * turned away. What came of a to-do stands nowhere else, so it finds room always.
   * @throws if it has to stay in the log
   */
  park(input: {
    stream: string;
    id: string;
    turn: number;
    letter: Letter;
    reason: string;
  }): Promise<void>;
  /** The number of parked streams, and the moment since when the oldest waits. */
  count(): { streams: number; inputs: number; oldest: number | null };
  stop(): void;
}

/** A retry that did not settle its input. */
export interface FailedRetry {
  readonly error: unknown;
  /** Is told what becomes of the input now, once that is on record. */
  became(outcome: 'parked' | 'dead'): void;
}

export const parking = (
  service: string,
  partition: number,
  { log, store, clock, observe }: Ports,
  { persist }: Persistence,
  {
    policy,
    retry,
    freed,
  }: {
    readonly policy: ParkingPolicy;
    /** Tries once more to settle an input; resolves to null if that was possible. */
    readonly retry: (stream: string, letter: Letter) => Promise<FailedRetry | null>;
    /** Nothing of the stream is parked any more. */
    readonly freed: (stream: string) => void;
  },
): Parking => {
  /** By stream, in the order in which the inputs came. */
  const streams = new Map<string, ParkedInput[]>();
  const ids = new Set<string>();
  const forRecords = room(() => ids.size >= (policy.atMost ?? parkedAtMost));
  const timers = new Map<string, () => void>();
  let sequence = 0;
  /** One is stored after the other, so that none is found without the one it waits behind. */
  let stored: Promise<unknown> = Promise.resolve();
  /** What is on its way to the dead letters, and whether it came back meanwhile. */
  const dying = new Map<string, boolean>();
  let stopped = false;

  // Waits double from the moment of parking, so a restart neither hastens nor forgets a try. Of
  // those that a service slept through it makes up for one, and does not spend them all at once.
  const dueAt = ({ at, tries }: ParkedInput, after: number): number => {
    let due = at;
    for (let wait = 0; wait <= tries || due <= after; wait += 1) {
      due += Math.min(policy.firstMs * 2 ** wait, policy.maxMs);
    }
    return due;
  };

  /** Sets the next try of a stream's head, after a moment at which it was tried. */
  const arm = (stream: string, after = 0): void => {
    const [head] = streams.get(stream) ?? [];
    if (head === undefined || stopped) return;
    timers.get(stream)?.();
    const wait = Math.max(0, dueAt(head, after) - clock.now());
    timers.set(
      stream,
      clock.after(wait, () => detach(drain(stream))),
    );
  };

  /** What is written last stands: what comes again once it was let go is parked anew. */
  const letGo = async (head: ParkedInput): Promise<void> => {
    ids.delete(idOf(head.stream, head.id));
    const waiting = streams.get(head.stream) ?? [];
    streams.set(
      head.stream,
      waiting.filter(({ id }) => id !== head.id),
    );
    stored = stored.then(() => persist('store', () => store.unpark([head])));
    await stored;
  };

  /** @returns whether the input is let go */
  const fail = async (head: ParkedInput, { error, became }: FailedRetry): Promise<boolean> => {
    const reason = error instanceof Error ? error.message : String(error);
    const tried = { ...head, tries: head.tries + 1, reason };
    if (tried.tries < policy.limit) {
      await persist('store', () => store.park([tried]));
      const waiting = streams.get(head.stream) ?? [];
      waiting[waiting.findIndex(({ id }) => id === head.id)] = tried;
      became('parked');
      return false;
    }
    const { stream, at } = head;
    const key = idOf(stream, head.id);
    dying.set(key, false);
    const letter = unpack(head.input);
    const dead = deadLetter(service, letter, { stream, partition, reason, at });
    await persist('log', () => log.append([dead]));
    // It was done and has its outcome, even if nobody could hear that: it is not done again.
    if (letter.kind === 'came') {
      const { id } = letter.answered;
      await persist('store', () => store.once(deadKey(id), '1'));
      await persist('store', () => store.unfile([id]));
    }
    became('dead');
    observe('dead', { service, what: head.id, error, concerned: concernedBy(letter) });
    const isBack = dying.get(key) === true;
    dying.delete(key);
    if (!isBack) await letGo(head);
    return !isBack;
  };

  const drain = async (stream: string): Promise<void> => {
    for (;;) {
      const [head] = streams.get(stream) ?? [];
      if (stopped) return;
      if (head === undefined) break;
      const failed = await retry(stream, unpack(head.input));
      if (failed === null) {
        await letGo(head);
        observe('unparked', { service, what: head.id });
      } else {
        if (stopped) return;
        if (!(await fail(head, failed))) return arm(stream, clock.now());
      }
    }
    streams.delete(stream);
    timers.delete(stream);
    freed(stream);
  };

  const file = async (inputs: readonly ParkedInput[]): Promise<void> => {
    stored = stored.then(() => persist('store', () => store.park(inputs)));
    await stored;
  };

  const insert = (input: ParkedInput): void => {
    const waiting = streams.get(input.stream) ?? [];
    waiting.splice(placeAmong(waiting, input), 0, input);
    streams.set(input.stream, waiting);
    ids.add(idOf(input.stream, input.id));
  };

  const again = (stream: string, id: string): Promise<void> => {
    const key = idOf(stream, id);
    if (dying.has(key)) dying.set(key, true);
    return file((streams.get(stream) ?? []).filter((each) => each.id === id));
  };

  return {
    load: async () => {
      for (const input of await persist('store', () => store.parked(partition))) {
        insert(input);
        sequence = Math.max(sequence, input.sequence);
      }
      for (const stream of streams.keys()) arm(stream);
    },
    holds: (stream) => streams.has(stream),
    // Asked of every input, and hardly ever is one parked: the hash is made only then.
    has: (stream, id) => ids.size > 0 && ids.has(idOf(stream, id)),
    again,
    turn: (stream, letter) => {
      if (letter.kind === 'record') forRecords.comes(stream, letter.record);
      return (sequence += 1);
    },
    park: async ({ stream, id, turn, letter, reason }) => {
      // A batch that comes again may find the first delivery under way.
      if (ids.has(idOf(stream, id))) return again(stream, id);
      if (letter.kind === 'record' && !forRecords.takes(stream, letter.record)) {
        throw new Error(`${service} has too much parked to take in more`);
      }
      const at = clock.now();
      const input = pack(letter);
      const parked = { stream, partition, id, sequence: turn, at, tries: 0, reason, input };
      const isFirst = !streams.has(stream);
      insert(parked);
      await file([parked]);
      observe('parked', { service, what: id, error: reason, concerned: concernedBy(letter) });
      if (isFirst) arm(stream);
    },
    count: () => {
      const all = [...streams.values()].flat();
      const oldest = all.reduce<number | null>((min, { at }) => Math.min(min ?? at, at), null);
      return { streams: streams.size, inputs: all.length, oldest };
    },
    stop: () => {
      stopped = true;
      for (const cancel of timers.values()) cancel();
    },
  };
};
