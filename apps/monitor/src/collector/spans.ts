import { attribute, type SpanRecord, type SpanSink } from '@ensemble/telemetry';
import type { Standing } from '../flow/index.ts';

/** The spans that were received lately, by booking. */
export interface Spans {
  readonly take: SpanSink;
  /** Those of a booking, and those of no booking that are in one of its traces; by their start. */
  ofBooking(bookingId: string): readonly SpanRecord[];
  ofTrace(traceId: string): readonly SpanRecord[];
  /** So many were lost in all before they came here. */
  lost(spans: number): void;
  counts(): { readonly kept: number; readonly dropped: number };
}

export interface SpansOptions {
  /** Default: 20,000. */
  readonly maxBookings?: number;
  /** Of bookings. Default: 100,000. */
  readonly maxSpans?: number;
  /** Of no booking, such as requests that led to none. Default: 20,000. */
  readonly maxOthers?: number;
  /** How a booking stands, asked when spans have to go. */
  readonly standing: (bookingId: string) => Standing;
}

type Held = Map<string, SpanRecord>;
/** So that room is made seldom. */
const share = 0.05;

/** Spans by a name that they share, in the order in which the first of each came. */
const shelf = () => {
  const held = new Map<string, Held>();
  let spans = 0;
  return {
    held,
    count: (): number => spans,
    put: (name: string, span: SpanRecord): void => {
      const of = held.get(name) ?? new Map<string, SpanRecord>();
      held.set(name, of);
      spans -= of.size;
      // Sent twice, it is one; who told it again may not know how long it took.
      const id = `${span.traceId}/${span.spanId}`;
      const standing = of.get(id);
      if (standing === undefined || standing.endMs < span.endMs) of.set(id, span);
      spans += of.size;
    },
    drop: (name: string): number => {
      const size = held.get(name)?.size ?? 0;
      held.delete(name);
      spans -= size;
      return size;
    },
  };
};

const byStart = (one: SpanRecord, other: SpanRecord): number => one.startMs - other.startMs;

/** Keeps spans, within bounds: whole finished bookings go first, those in trouble last. */
export const openSpans = ({
  maxBookings = 20_000,
  maxSpans = 100_000,
  maxOthers = 20_000,
  standing,
}: SpansOptions): Spans => {
  const bookings = shelf();
  const others = shelf();
  /** The bookings that are in a trace. */
  const traces = new Map<string, Set<string>>();
  let dropped = 0;
  let lost = 0;

  const forget = (bookingId: string): void => {
    for (const { traceId } of bookings.held.get(bookingId)?.values() ?? []) {
      const inTrace = traces.get(traceId);
      inTrace?.delete(bookingId);
      if (inTrace?.size === 0) traces.delete(traceId);
    }
    dropped += bookings.drop(bookingId);
  };

  const isFull = (): boolean => bookings.held.size > maxBookings || bookings.count() > maxSpans;

  const makeRoom = (): void => {
    const isRoomy = (): boolean =>
      bookings.held.size <= maxBookings * (1 - share) && bookings.count() <= maxSpans * (1 - share);
    const byStanding = Map.groupBy(bookings.held.keys(), standing);
    const order = (['finished', 'open', 'troubled'] as const).flatMap(
      (each) => byStanding.get(each) ?? [],
    );
    for (const bookingId of order) {
      if (isRoomy()) return;
      forget(bookingId);
    }
  };

  const makeRoomForOthers = (): void => {
    for (const traceId of others.held.keys()) {
      if (others.count() <= maxOthers * (1 - share)) return;
      dropped += others.drop(traceId);
    }
  };

  return {
    take: (span) => {
      const bookingId = span.attributes[attribute.conversationId];
      if (typeof bookingId !== 'string') {
        others.put(span.traceId, span);
        if (others.count() > maxOthers) makeRoomForOthers();
        return;
      }
      bookings.put(bookingId, span);
      const inTrace = traces.get(span.traceId) ?? new Set();
      traces.set(span.traceId, inTrace.add(bookingId));
      if (isFull()) makeRoom();
    },
    ofBooking: (bookingId) => {
      const own = [...(bookings.held.get(bookingId)?.values() ?? [])];
      const traceIds = new Set(own.map(({ traceId }) => traceId));
      const around = [...traceIds].flatMap((each) => [...(others.held.get(each)?.values() ?? [])]);
      return [...own, ...around].toSorted(byStart);
    },
    ofTrace: (traceId) => {
      const ofBookings = [...(traces.get(traceId) ?? [])].flatMap((bookingId) =>
        [...(bookings.held.get(bookingId)?.values() ?? [])].filter(
          (span) => span.traceId === traceId,
        ),
      );
      return [...ofBookings, ...(others.held.get(traceId)?.values() ?? [])].toSorted(byStart);
    },
    lost: (spans) => {
      lost = spans;
    },
    counts: () => ({ kept: bookings.count() + others.count(), dropped: dropped + lost }),
  };
};
