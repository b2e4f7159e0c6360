import { deadLetterHeaders, deadTopic } from '@ensemble/choreography';
import type { LogRecord } from '@ensemble/log';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { play } from '../stage/play.ts';
import { departuresOf, mustBeAsDeclared } from './as-declared.ts';
import { recordsOf } from './told.ts';

/** What healthy bookings left on the log. */
let records: readonly LogRecord[] = [];
beforeAll(() => play(1, { only: [], atRest: (stage) => void (records = recordsOf(stage)) }));

const isOf =
  (type: string) =>
  ({ headers }: LogRecord): boolean =>
    headers['ce_type'] === type;
const bookingOf = ({ headers }: LogRecord): string => headers['ce_correlationid'] ?? '';
const oneOf = (type: string, isWanted: (record: LogRecord) => boolean = () => true): LogRecord => {
  const found = records.filter(isOf(type)).find(isWanted);
  if (found === undefined) throw new Error(`expected ${type} on the log`);
  return found;
};
const kindsOf = (some: readonly LogRecord[]): readonly string[] => [
  ...new Set(departuresOf(some).map(({ kind }) => kind)),
];

describe('a log that is held to what the services declare on it', () => {
  it('is as declared after healthy bookings', () => {
    expect(departuresOf(records)).toEqual([]);
  });

  it('is not when an event has no cause on it', () => {
    const sold = oneOf('seat.sold');
    const headers = { ...sold.headers, ce_id: 'another', ce_causationid: 'nobody' };
    const stray = { ...sold, headers, offset: sold.offset + 1_000_000 };
    expect(kindsOf([...records, stray])).toEqual(
      expect.arrayContaining(['undeclared edge', 'duplicate effect']),
    );
  });

  it('is not when an answer came after the time that was promised and granted, or never', () => {
    const revoked = new Set(records.filter(isOf('ticket.revoked')).map(bookingOf));
    const sold = oneOf('seat.sold', (record) => !revoked.has(bookingOf(record)));
    const rest = records.filter((record) => record !== sold);
    const after = (ms: number): LogRecord => ({ ...sold, timestamp: sold.timestamp + ms });
    expect(kindsOf([...rest, after(4_000)])).toEqual([]);
    expect(kindsOf([...rest, after(60_000)])).toEqual(['late']);
    const end = records.reduce((last, { timestamp }) => Math.max(last, timestamp), 0);
    const much = { ...oneOf('section.opened'), timestamp: end + 60_000 };
    expect(kindsOf([...rest, much])).toContain('missing reaction');
  });

  it('is not when a letter died, unless that was brought about on purpose', () => {
    const request = oneOf('booking.requested');
    const headers = { ...request.headers, [deadLetterHeaders.reason]: 'nobody can read it' };
    const dead = { ...request, topic: deadTopic('seat'), offset: 0, headers };
    const all = [...records, dead];
    expect(() => mustBeAsDeclared(all, new Set())).toThrow(/seat\.dead: nobody can read it/);
    expect(() => mustBeAsDeclared(all, new Set(['dead letter']))).not.toThrow();
  });
});
