import { deepStrictEqual } from 'node:assert/strict';
import {
  type Came,
  decide,
  type Doing,
  emptyFold,
  type Fold,
  idOf,
  type Input,
  type Service,
} from '@ensemble/choreography';
import {
  type AnyEvent,
  type DataOf,
  events,
  type EventType,
  placeOf,
  sourceOf,
} from '@ensemble/contracts';
import type { Json, StoredToDo } from '@ensemble/store';

/** An event as a spec writes it; the envelope is made up. */
export type Written<Type extends EventType = EventType> = Type extends EventType
  ? {
      readonly type: Type;
      readonly data: DataOf<Type>;
      /** Milliseconds since 1970 UTC; default: the time of the spec. */
      readonly time?: number | undefined;
    }
  : never;

/** The moment at which specs play unless they say otherwise: 2026-11-21T12:00:00.000Z. */
export const noon = Date.UTC(2026, 10, 21, 12);

/** Writes an event; what is left out of the data is taken from the event's example. */
export const event = <Type extends EventType>(
  type: Type,
  data: Partial<DataOf<Type>> = {},
  time?: number,
): Written<Type> => {
  const { schema, example } = events[type];
  return { type, data: schema.parse({ ...example, ...data }), time } as Written<Type>;
};

/** A service in the middle of a story. Each assertion is about what came since the one before. */
export interface Spec {
  /** Hears events, one after another; one that was heard before is a copy. */
  hears(...heard: readonly Written[]): Spec;
  /** The oldest open to-do of this name has this result. */
  came(toDo: string, result?: unknown): Spec;
  /** The oldest open to-do of this name is given up. */
  gaveUp(toDo: string, reason?: string): Spec;
  /** A customer asks. */
  asked(command: string, data: unknown, id?: string): Spec;
  /** From here on it is this moment, in milliseconds since 1970 UTC. */
  at(time: number): Spec;
  /** Exactly these events were said, in this order. */
  says(...said: readonly Written[]): Spec;
  /** Exactly these to-dos were named, in this order. */
  does(...named: readonly Doing[]): Spec;
  /** Nothing was said and no to-do named. */
  doesNothing(): Spec;
  /** The names of the to-dos that are open, sorted. */
  opens(...names: readonly string[]): Spec;
  /** What it remembers. */
  readonly remembers: unknown;
}

const freeze = <Value>(value: Value): Value => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
};

const stream = 'spec';

/** Puts a service into the state after these events, said by it or heard, and lets it go on. */
export const given = (service: Service, ...history: readonly Written[]): Spec => {
  let now = noon;
  let fold: Fold = emptyFold(service);
  let count = 0;
  const decided = new Set<string>();
  let said: Written[] = [];
  let named: StoredToDo[] = [];

  const full = ({ type, data, time = now }: Written): AnyEvent =>
    freeze({
      id: idOf(type, JSON.stringify(data), time),
      type,
      source: sourceOf(events[type].owner),
      time,
      version: events[type].version,
      ...placeOf(data),
      causationId: 'spec',
      sequence: 1,
      data,
    } as AnyEvent);

  for (const written of history) {
    const past = full(written);
    const evolve = service.evolve.get(past.type);
    if (evolve !== undefined) fold = { ...fold, state: freeze(evolve(fold.state, past)) };
    decided.add(past.id);
  }

  const take = (input: Input): void => {
    if (decided.has(input.id)) return;
    decided.add(input.id);
    const context = { at: now, settled: fold.version };
    const { commit, fold: after } = decide(service, { stream, partition: 0 }, fold, input, context);
    fold = { ...after, state: freeze(after.state) };
    for (const { headers, value } of commit.says) {
      said.push({ type: headers['ce_type'], data: JSON.parse(value) } as Written);
    }
    named.push(...commit.does);
  };

  const answer = (name: string, outcome: object): void => {
    const toDo = [...fold.open.values()].find((each) => each.name === name);
    if (toDo === undefined) throw new Error(`${service.name} has no open to-do ${name}`);
    const came = freeze({ id: toDo.id, args: toDo.args, time: now, ...outcome }) as Came;
    take({ kind: 'came', id: toDo.id, name, came });
  };

  const spec: Spec = {
    hears: (...heard) => {
      for (const [index, each] of heard.entries()) {
        const event = full(each);
        take({ kind: 'event', id: event.id, event, position: `spec/0/${index}` });
      }
      return spec;
    },
    came: (toDo, result = null) => {
      answer(toDo, { ok: true, result });
      return spec;
    },
    gaveUp: (toDo, reason = 'away') => {
      answer(toDo, { ok: false, reason });
      return spec;
    },
    asked: (name, data, id = `asked-${(count += 1)}`) => {
      take({ kind: 'command', id, name, data: data as Json, fingerprint: '', time: now });
      return spec;
    },
    at: (time) => {
      now = time;
      return spec;
    },
    says: (...expected) => {
      deepStrictEqual(
        said.map(({ type, data }) => ({ type, data })),
        expected.map(({ type, data }) => ({ type, data: JSON.parse(JSON.stringify(data)) })),
      );
      said = [];
      return spec;
    },
    does: (...expected) => {
      const plain = ({ does: name, args, at = now, until }: Doing): object => ({
        name,
        args,
        dueAt: at,
        until,
      });
      deepStrictEqual(
        named.map(({ name, args, dueAt, until }) => ({ name, args, dueAt, until })),
        expected.map(plain),
      );
      named = [];
      return spec;
    },
    doesNothing: () => spec.says().does(),
    opens: (...names) => {
      deepStrictEqual([...fold.open.values()].map(({ name }) => name).sort(), [...names].sort());
      return spec;
    },
    get remembers() {
      return fold.state;
    },
  };
  return spec;
};
