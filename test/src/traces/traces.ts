import { attribute, type SpanRecord } from '@ensemble/telemetry';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openHouse } from '../e2e/house.ts';
import type { Make } from '../e2e/rows.ts';
import { type SpanReceiver, spanReceiver } from './receiver.ts';
import { shapeOf, spansOf } from './shape.ts';
import { golden, stories } from './stories.ts';

/** What was played, once the system has ended and every span has come. */
export interface Played {
  /** The booking of a story. */
  bookingOf(story: string): string;
  /** The spans of a story's booking, and of its requests. */
  spansOf(story: string): readonly SpanRecord[];
}

const isRequest = ({ kind }: SpanRecord): boolean => kind === 'server';

/** `a→b` wherever a span of a service is the parent of one of another. */
const edgesOf = (spans: readonly SpanRecord[]): ReadonlySet<string> => {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  return new Set(
    spans.flatMap(({ service, parentSpanId }) => {
      const from = byId.get(parentSpanId ?? '')?.service;
      return from === undefined || from === service ? [] : [`${from}→${service}`];
    }),
  );
};

export const edges = ['gateway→seat', 'seat→payment', 'payment→ticket', 'ticket→notification'];

/**
 * Plays the stories on a system that sends its spans by OTLP, and holds them to their shapes.
 * @param onwards where the spans are to be sent too; known before the system is made
 */
export const describeTraces = (make: Make, onwards?: () => string | undefined): Played => {
  let receiver: SpanReceiver;
  const bookings = new Map<string, string>();
  const spansIn = (story: string): readonly SpanRecord[] =>
    spansOf(receiver.spans(), bookings.get(story) ?? '');

  beforeAll(async () => {
    receiver = await spanReceiver(onwards?.());
    const system = await make({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } });
    try {
      await system.start();
      const house = await openHouse(system, 'traces');
      const play = async ([name, story]: (typeof all)[number]): Promise<void> => {
        bookings.set(name, (await story.play(house)).bookingId);
      };
      await Promise.all(all.map(play));
      // Whoever ends in order sends all spans that he has.
      await system.stop();
    } finally {
      await system[Symbol.asyncDispose]();
    }
  });
  afterAll(() => receiver.close());

  const all = Object.entries(stories);
  describe('the traces of a booking', () => {
    it.each(all)('%s', (name, { shape }) => {
      expect(shapeOf(spansIn(name))).toBe(shape);
    });

    it('have the edges between the services by their parents', () => {
      expect([...edgesOf(spansIn(golden))]).toEqual(expect.arrayContaining(edges));
    });

    it('are one for each chain of immediate reactions, begun by a request', () => {
      for (const [name] of all) {
        const traces = Map.groupBy(spansIn(name), ({ traceId }) => traceId);
        for (const spans of traces.values()) {
          const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined);
          expect(roots.map(isRequest)).toEqual([true]);
        }
      }
    });

    it('are found by the booking’s id, which each span has, the request’s too', () => {
      for (const [name] of all) {
        const ids = spansIn(name).map(({ attributes }) => attributes[attribute.conversationId]);
        expect(ids).toEqual(ids.map(() => bookings.get(name)));
      }
    });

    it('have links that lead to spans which are there', () => {
      const ids = new Set(receiver.spans().map(({ traceId, spanId }) => `${traceId}/${spanId}`));
      const links = all.flatMap(([name]) => spansIn(name).flatMap(({ links: some }) => some));
      expect(links.length).toBeGreaterThan(0);
      expect(links.filter(({ traceId, spanId }) => !ids.has(`${traceId}/${spanId}`))).toEqual([]);
    });

    it('are at most 14 spans on the golden path beside the request', () => {
      const spans = spansIn(golden).filter((span) => !isRequest(span));
      expect(spans.length).toBeLessThanOrEqual(14);
    });
  });

  return { bookingOf: (story) => bookings.get(story) ?? '', spansOf: spansIn };
};
