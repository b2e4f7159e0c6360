import { attribute, randomnessOf, type SpanRecord } from '@ensemble/telemetry';
import { describe, expect, it, jest } from '@jest/globals';
import { system } from '../system.ts';
import { spanReceiver } from '../traces/receiver.ts';
import { openHouse } from './house.ts';

jest.setTimeout(120_000);

describe('a system that traces half of the bookings', () => {
  it('keeps each whole, from its requests on, or not at all', async () => {
    const receiver = await spanReceiver();
    const tested = await system({
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
        OTEL_TRACES_SAMPLER_ARG: '0.5',
      },
    });
    let bookings: readonly string[] = [];
    try {
      await tested.start();
      const house = await openHouse(tested, 'half');
      const asked = Array.from({ length: 10 }, (_, n) => house.books('Ada', [`A-${n + 1}`]));
      const all = await Promise.all(asked);
      for (const booking of all) {
        await booking.ends('ticketed');
        await booking.hears('seat.sold');
        expect((await booking.withdraw()).status).toBe(202);
      }
      for (const booking of all) {
        await booking.ends('refunded');
        await booking.hears('seat.released');
      }
      bookings = all.map(({ bookingId }) => bookingId);
      await tested.stop();
    } finally {
      await tested[Symbol.asyncDispose]();
      await receiver.close();
    }
    const spansOf = (bookingId: string): readonly SpanRecord[] =>
      receiver
        .spans()
        .filter(({ attributes }) => attributes[attribute.conversationId] === bookingId);
    for (const bookingId of bookings) {
      const names = spansOf(bookingId).map(({ name }) => name);
      const isKept = randomnessOf(bookingId) >= '8';
      const requests = names.filter((name) => name.startsWith('POST '));
      expect([bookingId, requests.toSorted()]).toEqual([
        bookingId,
        isKept ? ['POST /api/bookings', 'POST /api/bookings/:bookingId/withdrawal'] : [],
      ]);
      expect([bookingId, names.length]).toEqual([bookingId, isKept ? 26 : 0]);
    }
  });
});
