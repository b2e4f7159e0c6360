import { describe, expect, it } from '@jest/globals';
import type { LogRecord } from '@ensemble/log';
import type { VerdictKind } from '../views.ts';
import { goldenPath, noon, said, tableRecord, tables, told } from './spec-kit.ts';

const dayMs = 24 * 3_600_000;

const kindsOf = (records: readonly LogRecord[], at?: number): VerdictKind[] => {
  const monitor = told(records);
  if (at !== undefined) monitor.tick(noon + at);
  return monitor.conformance().verdicts.map(({ kind }) => kind);
};

describe('conformance', () => {
  it('has nothing to say against what was declared', () => {
    expect(told(goldenPath()).conformance()).toEqual({ checked: 1, verdicts: [] });
  });

  it('has nothing to say against copies, whatever the order of the topics', () => {
    const path = goldenPath();
    const copies = path.map((record) => ({ ...record, offset: record.offset + 1_000_000 }));
    expect(kindsOf([...path, ...copies].toReversed())).toEqual([]);
  });

  it('finds an answer that its service does not declare', () => {
    const [requested, ...rest] = goldenPath();
    const sold = said('seat.sold', { at: 1, cause: requested! });
    expect(kindsOf([requested!, ...rest, sold])).toEqual(['undeclared edge']);
  });

  it('finds a service that has declared nothing', () => {
    const sent = said('notification.sent', { at: 500 });
    const monitor = told([...goldenPath(), sent]);
    expect(monitor.conformance().verdicts).toContainEqual(
      expect.objectContaining({ kind: 'undeclared edge', service: 'notification' }),
    );
    expect(monitor.map().services).toContainEqual(
      expect.objectContaining({ name: 'notification', version: null }),
    );
  });

  it('shows on the map who answers whom without having declared it', () => {
    const path = goldenPath();
    const sent = said('notification.sent', { at: 500, cause: path[4]! });
    expect(told([...path, sent]).map().edges).toContainEqual(
      expect.objectContaining({
        from: 'ticket',
        event: 'ticket.generated',
        to: 'notification',
        state: 'undeclared',
        count: 1,
      }),
    );
  });

  it('finds an answer that is missing, names whose it is, and takes it back when it comes', () => {
    const [requested] = goldenPath();
    const monitor = told([requested!]);
    monitor.tick(noon + 5_000);
    expect(monitor.conformance().verdicts).toEqual([]);
    monitor.tick(noon + 5_001);
    expect(monitor.conformance().verdicts).toEqual([
      expect.objectContaining({ kind: 'missing reaction', service: 'seat', at: noon + 5_000 }),
    ]);
    monitor.record(said('seat.refused', { at: 6_000, cause: requested! }));
    monitor.tick(noon + 7_000);
    expect(monitor.conformance().verdicts).toEqual([
      {
        kind: 'late',
        sentence: 'seat answered booking.requested 1.0 s late.',
        at: noon + 6_000,
        bookingId: expect.any(String),
        service: 'seat',
        event: 'seat.refused',
      },
    ]);
  });

  it('finds both of two branches that exclude each other', () => {
    const [requested, ...rest] = goldenPath();
    const refused = said('seat.refused', { at: 150, cause: requested! });
    expect(kindsOf([requested!, refused, ...rest])).toEqual(['exclusive branches']);
  });

  it('finds what is done twice', () => {
    const again = said('payment.received', { at: 450, cause: 'another to-do' });
    expect(kindsOf([...goldenPath(), again])).toContain('duplicate effect');
  });

  it('finds an event that nobody hears, and nothing against it once somebody does', () => {
    const path = goldenPath();
    const monitor = told(path);
    monitor.record(tableRecord({ ...tables.gateway, version: 2, reads: ['seat.sold'] } as never));
    expect(monitor.conformance().verdicts).toContainEqual(
      expect.objectContaining({ kind: 'orphan publish', event: 'ticket.generated' }),
    );
    monitor.record(tableRecord({ ...tables.gateway, version: 3 } as never));
    expect(monitor.conformance().verdicts).toEqual([]);
  });

  it('finds an edge of which nothing is seen for days though its event is', () => {
    const withdrawn = (booking: string, at: number): LogRecord[] => [
      ...goldenPath(booking, at),
      said('booking.withdrawn', { booking, at: at + 1_000 }),
    ];
    const monitor = told(withdrawn('1'.repeat(32), 0));
    for (let day = 1; day <= 8; day += 1) {
      for (const record of withdrawn(String(day + 1).repeat(32), day * dayMs)) {
        monitor.record(record);
      }
      monitor.tick(noon + day * dayMs + 60_000);
      monitor.groups(
        new Map(['seat', 'ticket'].map((name) => [name, { lag: 0, standsSince: null }])),
      );
    }
    const dead = monitor.conformance().verdicts;
    expect(dead.map(({ kind, service, event }) => `${kind}: ${service}, ${event}`)).toEqual([
      'dead edge: payment, booking.withdrawn',
      'dead edge: payment, booking.requested',
    ]);
  });

  it('finds an event in another version than was declared, and a table that went back', () => {
    const newer = said('seat.sold', { at: 300, version: 2, cause: 'gone' });
    expect(kindsOf([...goldenPath(), newer])).toContain('version drift');
    const monitor = told(goldenPath());
    monitor.record(tableRecord({ ...tables.seat, version: 2 } as never));
    expect(monitor.conformance().verdicts).toEqual([]);
    monitor.record(tableRecord({ ...tables.seat, version: 1 } as never));
    expect(monitor.conformance().verdicts).toEqual([
      expect.objectContaining({ kind: 'version drift', service: 'seat' }),
    ]);
  });
});
