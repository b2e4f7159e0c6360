import { describe, expect, it } from '@jest/globals';
import type { LogRecord } from '@ensemble/log';
import fc from 'fast-check';
import { ada, goldenPath, noon, processSpan, said, tableRecord, told } from './spec-kit.ts';

const idOf = (n: number): string => n.toString(16).padStart(32, '0');

/** Everything that a monitor would show a minute later. */
const picture = (records: readonly LogRecord[]): unknown => {
  const monitor = told(records);
  monitor.tick(noon + 60_000);
  const list = monitor.bookings();
  return {
    map: monitor.map(),
    stuck: monitor.stuck(),
    conformance: monitor.conformance(),
    list,
    stories: list.bookings.map(({ bookingId }) => monitor.story(bookingId)),
  };
};

describe('what the monitor knows', () => {
  const records = [
    ...goldenPath(),
    ...goldenPath(idOf(2), 5_000).slice(0, 2),
    said('booking.requested', { booking: idOf(3), at: 7_000 }),
    said('payment.received', { booking: idOf(3), at: 8_000, cause: 'a to-do' }),
  ];

  it('is the same in whatever order the topics are read', () => {
    const topics = [...new Set(records.map(({ topic }) => topic))];
    const expected = picture(records);
    fc.assert(
      fc.property(fc.shuffledSubarray(topics, { minLength: topics.length }), (order) => {
        const read = order.flatMap((topic) => records.filter((record) => record.topic === topic));
        expect(picture(read)).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  it('is the same when records and spans are fed again', () => {
    const monitor = told(records);
    const span = processSpan('seat', records[0]!, { at: 50, waitMs: 5 });
    monitor.span(span);
    const before = [monitor.map(), monitor.conformance(), monitor.bookings()];
    for (const record of records) monitor.record(record);
    monitor.span(span);
    expect([monitor.map(), monitor.conformance(), monitor.bookings()]).toEqual(before);
  });

  it('survives what is no event and no table', () => {
    const monitor = told();
    const [requested] = goldenPath();
    monitor.record({ ...requested!, value: null, offset: 10_001 });
    monitor.record({ ...requested!, headers: {}, offset: 10_002 });
    monitor.record({ ...tableRecord({ service: 'x' }), value: Buffer.from('{') });
    monitor.record({ ...tableRecord({ service: 'x' }), value: Buffer.from('{"service": 7}') });
    expect(monitor.map().totals.bookings).toBe(0);
    expect(monitor.map().services.map(({ name }) => name)).toEqual([
      'gateway',
      'seat',
      'payment',
      'ticket',
    ]);
  });

  it('knows of events that nobody knew when it was written', () => {
    const stranger = said('ticket.generated', { at: 500 });
    const headers = {
      ...stranger.headers,
      ce_type: 'loyalty.earned',
      ce_source: '/ensemble/loyalty',
      ce_dataschema: 'urn:ensemble:event:loyalty.earned:v1',
    };
    const monitor = told(goldenPath());
    monitor.record({ ...stranger, topic: 'loyalty', headers });
    const story = monitor.story(ada);
    expect(story?.steps.at(-1)?.sentence).toBe('loyalty said loyalty.earned.');
    expect(monitor.map().topics).toContainEqual(
      expect.objectContaining({ name: 'loyalty', records: 1 }),
    );
  });

  it('lets bookings go that are over when there is no room, the bad ones last', () => {
    const monitor = told([], { limit: 10 });
    const stuck = said('booking.requested', { booking: idOf(100) });
    monitor.record(stuck);
    for (let n = 0; n < 10; n += 1) {
      for (const record of goldenPath(idOf(n), n * 1_000)) monitor.record(record);
    }
    monitor.tick(noon + 120_000);
    const left = monitor.bookings().bookings.map(({ bookingId }) => bookingId);
    expect(left).toHaveLength(9);
    expect(left).toContain(idOf(100));
    expect(left).not.toContain(idOf(0));
    expect(monitor.map().totals).toMatchObject({
      bookings: 11,
      byState: { ticketed: 10, requested: 1 },
    });
    // By the minute, and of an earlier one too.
    expect(monitor.map(noon + 60_000).totals).toMatchObject({ byState: { ticketed: 10 } });
    expect(monitor.map(noon - 60_000).totals).toMatchObject({ bookings: 0 });
  });

  it('asks for the records of a booking that it let go and hears of again', () => {
    const monitor = told([], { limit: 1 });
    const path = goldenPath();
    for (const record of [...path, ...goldenPath(idOf(2), 90_000)]) monitor.record(record);
    monitor.tick(noon + 100_000);
    expect(monitor.story(ada)).toBeUndefined();
    expect(monitor.wants()).toEqual([]);
    const withdrawn = said('booking.withdrawn', { at: 110_000 });
    monitor.record(withdrawn);
    expect(monitor.wants()).toEqual([ada]);
    expect(monitor.wants()).toEqual([]);
    for (const record of path) monitor.record(record);
    expect(monitor.story(ada)?.steps).toHaveLength(6);
    expect(monitor.map().totals).toMatchObject({ bookings: 2, byState: { ticketed: 2 } });
  });

  it('measures how long events take and wait on their way, by the spans', () => {
    const path = goldenPath();
    const monitor = told(path);
    for (let n = 1; n <= 100; n += 1) {
      monitor.span(processSpan('seat', path[0]!, { at: 100, waitMs: n, workMs: 10 }));
    }
    monitor.tick(noon + 1_000);
    expect(monitor.map().edges).toContainEqual({
      from: 'gateway',
      event: 'booking.requested',
      to: 'seat',
      state: 'seen',
      count: 1,
      rate: 1 / 60,
      duration: { p50: 61, p99: 110, count: 100 },
      wait: { p50: 51, p99: 100, count: 100 },
    });
    expect(monitor.map().edges).toContainEqual(
      expect.objectContaining({ event: 'booking.withdrawn', to: 'payment', state: 'ghost' }),
    );
  });

  it('measures by the answers on the log what leaves no spans, each once', () => {
    const monitor = told([...goldenPath(), ...goldenPath(idOf(2), 1_000)]);
    monitor.tick(noon + 2_000);
    monitor.record(said('booking.withdrawn', { at: 2_500 }));
    monitor.tick(noon + 3_000);
    const { edges } = monitor.map();
    const edge = edges.find(({ to, event }) => event === 'payment.received' && to === 'ticket');
    expect(edge?.duration).toEqual({ p50: 200, p99: 200, count: 2 });
  });

  it('forgets the rate of a minute ago, and remembers it when it is asked for', () => {
    const monitor = told(goldenPath());
    monitor.tick(noon + 10_000);
    expect(monitor.map().totals.rate).toBe(1);
    monitor.tick(noon + 600_000);
    expect(monitor.map().totals.rate).toBe(0);
    expect(monitor.map(noon + 1_000).totals.rate).toBe(1);
  });
});
