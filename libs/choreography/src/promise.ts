import type { DataOf, EventType } from '@ensemble/contracts';

/** When a promise holds, and how much time it leaves. */
export interface Terms {
  /** The time that an answer may take, in milliseconds. */
  readonly withinMs: number;
  /** Facts that are needed too: time counts from the moment when the last of them is on the log. */
  readonly given?: readonly EventType[] | undefined;
  /** Facts that make an answer needless, whenever they come on record. */
  readonly unless?: readonly EventType[] | undefined;
}

/**
 * What a service owes: when `on` is on record for a booking (and what is `given`, for it or for its
 * section), one of `oneOf` follows in time. Who is late with what can then be told by anybody who
 * reads the log.
 */
export interface Promised<Says extends EventType = EventType> extends Terms {
  readonly on: EventType;
  readonly oneOf: readonly Says[];
  /** The field of its data that holds a moment, ISO 8601, before which no time counts. */
  readonly after?: string | undefined;
}

/** Promises an answer to an event. */
export const promise = <const On extends EventType, const Says extends EventType>(
  on: On,
  terms: Terms & {
    readonly oneOf: readonly Says[];
    readonly after?: (keyof DataOf<On> & string) | undefined;
  },
): Promised<Says> => ({ on, ...terms });

/**
 * Events that a service says at most once for each booking (or section), or once for each value of
 * the named fields of their data.
 */
export type Once<Says extends EventType = EventType> = {
  readonly [Type in Says]?: readonly (keyof DataOf<Type> & string)[];
};

/** Facts of which no booking ever has two. */
export type Exclusive<Says extends EventType = EventType> = readonly [Says, ...EventType[]];
