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
  /** Of bookings, and half as many of no booking: who sends spans decides how long they are. Default: 256 MiB. */
  readonly maxBytes?: number;
  /** How a booking stands, asked when spans have to go. */
  readonly standing: (bookingId: string) => Standing;
}

type Held = Map<string, SpanRecord>;
/** So that room is made seldom. */
const share = 0.05;

/** Of a span, about: what every one takes, and its texts. */
const fixedBytes = 400;
const linkBytes = 150;
const bytesOf = ({ name, service, attributes, links }: SpanRecord): number => {
  let bytes = fixedBytes + 2 * (name.length + service.length) + linkBytes * links.length;
  for (const key in attributes) {
    const value = attributes[key];
    bytes += 2 * key.length + (typeof value === 'string' ? 2 * value.length : 8);
  }
  return bytes;
};

/** Spans by a name that they share, in the order in which the first of each came. */
const shelf = () => {
  const held = new Map<string, Held>();
  let spans = 0;
  let bytes = 0;
  return {
    held,
    count: (): number => spans,
    bytes: (): number => bytes,
    put: (name: string, span: SpanRecord): void => {
      const of = held.get(name) ?? new Map<string, SpanRecord>();
      held.set(name, of);
      spans -= of.size;
      // Sent twice, it is one; who told it again may not know how long it took.
      const id = `${span.traceId}/${span.spanId}`;
      const standing = of.get(id);
      if (standing === undefined || standing.endMs < span.endMs) {
        of.set(id, span);
        bytes += bytesOf(span) - (standing === undefined ? 0 : bytesOf(standing));
      }
      spans += of.size;
    },
    drop: (name: string): number => {
      const of = held.get(name);
      if (of === undefined) return 0;
      held.delete(name);
      spans -= of.size;
      for (const span of of.values()) bytes -= bytesOf(span);
      return of.size;
    },
  };
};

const byStart = (one: SpanRecord, other: SpanRecord): number => one.startMs - other.startMs;

/** Keeps spans, within bounds: whole finished bookings go first, those in trouble last. */
export const openSpans = ({
  maxBookings = 20_000,
  maxSpans = 100_000,
  maxOthers = 20_000,
  maxBytes = 2 ** 28,
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

  /** Whether this share of what may be held is enough. */
  const isWithin = (part: number): boolean =>
    bookings.held.size <= maxBookings * part &&
    bookings.count() <= maxSpans * part &&
    bookings.bytes() <= maxBytes * part;
  const areOthersWithin = (part: number): boolean =>
    others.count() <= maxOthers * part && others.bytes() <= (maxBytes / 2) * part;

  const makeRoom = (): void => {
    const byStanding = Map.groupBy(bookings.held.keys(), standing);
    const order = (['finished', 'open', 'troubled'] as const).flatMap(
      (each) => byStanding.get(each) ?? [],
    );
    for (const bookingId of order) {
      if (isWithin(1 - share)) return;
      forget(bookingId);
    }
  };

  const makeRoomForOthers = (): void => {
    for (const traceId of others.held.keys()) {
      if (areOthersWithin(1 - share)) return;
      dropped += others.drop(traceId);
    }
  };

  return {
    take: (span) => {
      const bookingId = span.attributes[attribute.conversationId];
      if (typeof bookingId !== 'string') {
        others.put(span.traceId, span);
        if (!areOthersWithin(1)) makeRoomForOthers();
        return;
      }
      bookings.put(bookingId, span);
      const inTrace = traces.get(span.traceId) ?? new Set();
      traces.set(span.traceId, inTrace.add(bookingId));
      if (!isWithin(1)) makeRoom();
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
