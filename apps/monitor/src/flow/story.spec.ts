import { describe, expect, it } from '@jest/globals';
import type { LogRecord } from '@ensemble/log';
import {
  ada,
  deadRecord,
  goldenPath,
  idIn,
  noon,
  processSpan,
  said,
  told,
  trySpan,
} from './spec-kit.ts';

const ledgered = (records: readonly LogRecord[]) =>
  records.map((record) => ({ record, hash: 'h' }));

describe('the story of a booking', () => {
  it('tells in plain sentences who said what, and what caused it', () => {
    const path = goldenPath();
    const story = told(path).story(ada);
    expect(story?.steps.map(({ sentence }) => sentence)).toEqual([
      'The customer asked for seats A-12 and A-13.',
      'seat reserved seats A-12 and A-13 for 90.00 EUR until 12:10:00 UTC.',
      'payment received 90.00 EUR.',
      'seat sold seats A-12 and A-13.',
      'ticket made the ticket.',
    ]);
    const [requested, reserved, received] = path.map(idIn);
    expect(story?.steps.map(({ causedBy }) => causedBy)).toEqual([
      undefined,
      requested,
      reserved,
      received,
      received,
    ]);
    expect(story?.waitsFor).toBeNull();
    expect(story?.booking).toMatchObject({ state: 'ticketed', isFinal: true, isStuck: false });
  });

  it('finds the cause through to-dos that said nothing', () => {
    const [requested, reserved, received] = goldenPath();
    expect(told([requested!, reserved!, received!]).story(ada)?.criticalPath).toEqual([
      expect.objectContaining({ event: 'booking.requested', from: 'gateway', to: 'seat' }),
      expect.objectContaining({ event: 'seat.reserved', from: 'seat', to: 'payment' }),
    ]);
  });

  it('tells waiting in the broker from working, tries that failed, and what is parked or dead', () => {
    const path = goldenPath();
    const [requested, reserved] = path;
    const charge = { name: 'charge', id: 'c'.repeat(32), reaches: 'payment provider' };
    const spans = [
      processSpan('seat', requested!, { at: 90, waitMs: 40, workMs: 10 }),
      processSpan('payment', reserved!, { at: 110, outcome: 'parked', reason: 'a bug' }),
      trySpan('payment', charge, { at: 150, failed: true, reason: 'no answer' }),
      trySpan('payment', charge, { at: 190, attempt: 2 }),
    ];
    const monitor = told([...path, deadRecord('ticket', reserved!, 'cannot be read')]);
    const story = monitor.story(ada, { spans });
    expect(story?.steps.filter(({ kind }) => kind !== 'said')).toEqual([
      expect.objectContaining({
        kind: 'heard',
        sentence: 'seat heard booking.requested: 40 ms in the broker, 10 ms of work.',
        waitMs: 40,
        workMs: 10,
      }),
      expect.objectContaining({ kind: 'dead' }),
      expect.objectContaining({
        kind: 'parked',
        sentence: 'payment put seat.reserved aside: a bug.',
      }),
      expect.objectContaining({
        kind: 'failed',
        sentence: 'payment could not do "charge" at the payment provider: no answer.',
      }),
      expect.objectContaining({
        kind: 'did',
        sentence: 'payment did "charge" at the payment provider (try 2) in 10 ms.',
      }),
    ]);
    expect(story?.criticalPath[0]).toMatchObject({ waitMs: 40, workMs: 60 });
  });

  it('says what it waits for, whose it is and until when', () => {
    const [requested] = goldenPath();
    const monitor = told([requested!]);
    expect(monitor.story(ada)?.waitsFor).toBe(
      'Waits for seat to say seat.reserved or seat.refused in answer to booking.requested until ' +
        '12:00:05 UTC, in 5.0 s.',
    );
    monitor.tick(noon + 8_000);
    expect(monitor.story(ada)?.waitsFor).toBe(
      'Waits for seat to say seat.reserved or seat.refused in answer to booking.requested; it was ' +
        'due at 12:00:05 UTC, 3.0 s ago. Suspect: unknown. seat has heard everything, and nothing ' +
        'that failed is known.',
    );
    expect(monitor.story(ada)?.expectations).toEqual([
      {
        service: 'seat',
        on: 'booking.requested',
        oneOf: ['seat.reserved', 'seat.refused'],
        since: noon,
        dueAt: noon + 5_000,
        isOverdue: true,
      },
    ]);
  });

  it('says that it is the customer who is waited for, and shows the reminder with its time', () => {
    const [requested, reserved] = goldenPath();
    const declined = said('payment.declined', { at: 300, cause: 'a to-do' });
    const story = told([requested!, reserved!, declined]).story(ada);
    expect(story?.waitsFor).toBe(
      'Waits for its customer to give another card until 12:10:00 UTC, in 9 min 59 s; then ' +
        'payment says payment.failed.',
    );
    expect(story?.steps.at(-1)).toEqual({
      at: noon + 600_000,
      service: 'payment',
      kind: 'waits',
      sentence: 'payment will be reminded of seat.reserved at 12:10:00 UTC, in 9 min 59 s.',
    });
  });

  it('says that nobody owes anything while its section is not open', () => {
    const monitor = told();
    const elsewhere = { showId: 'hamlet', section: 'circle' };
    const requested = {
      ...said('booking.requested', { data: elsewhere }),
      key: 'hamlet/circle',
    };
    monitor.record(requested);
    monitor.tick(noon + 60_000);
    expect(monitor.story(ada)?.waitsFor).toBe(
      'Waits for section.opened, which nobody owes; then seat answers booking.requested.',
    );
    expect(monitor.stuck().groups).toEqual([]);
  });

  it('is told as it was at an earlier moment', () => {
    const monitor = told(goldenPath());
    const story = monitor.story(ada, { at: noon + 150 });
    expect(story?.steps.filter(({ kind }) => kind === 'said')).toHaveLength(2);
    expect(story?.booking.state).toBe('reserved');
    expect(monitor.story(ada, { at: noon - 1 })).toBeUndefined();
  });

  it('is told from its records when it is no longer in memory', () => {
    const path = goldenPath();
    const monitor = told();
    expect(monitor.story(ada)).toBeUndefined();
    monitor.tick(noon + 1_000);
    const later = monitor.story(ada, { records: ledgered(path) });
    expect(later?.booking.state).toBe('ticketed');
    expect(later?.records.map(({ type }) => type)).toEqual(
      path.map(({ headers }) => headers['ce_type']),
    );
  });

  it('never shows personal data, unless a named operator asks for it', () => {
    const path = goldenPath();
    const monitor = told(path);
    expect(JSON.stringify(monitor.story(ada, { records: ledgered(path) }))).not.toMatch(
      /ada@|Ada Ż/,
    );
    const shown = monitor.story(ada, { records: ledgered(path), isPersonalShown: true });
    expect(shown?.records[0]?.body).toContain('ada@example.org');
  });

  it('names its traces, and where else they can be looked at', () => {
    const [requested] = goldenPath();
    const monitor = told([requested!], {
      links: (traceId) => [{ name: 'Jaeger', url: `http://jaeger.test/trace/${traceId}` }],
    });
    const spans = [processSpan('seat', requested!)];
    const traceId = 'a'.repeat(32);
    expect(monitor.story(ada, { spans })?.traces).toEqual([
      {
        traceId,
        spans: 1,
        links: [{ name: 'Jaeger', url: `http://jaeger.test/trace/${traceId}` }],
      },
    ]);
  });
});
