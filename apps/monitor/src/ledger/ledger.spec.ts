import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { LogRecord } from '@ensemble/log';
import fc from 'fast-check';
import { AnotherLog, type Gap, openLedger, readLedger } from './ledger.ts';
import { folder, noon, recordAt, someRecords } from './spec-kit.ts';

const headsOf = async (ledger: ReturnType<typeof openLedger>) =>
  (await ledger.verify()).chains.map(({ topic, partition, head }) => [topic, partition, head]);

const anyText = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constant('a\u0000b'));
const anyRecord = fc.record({
  key: fc.option(anyText),
  headers: fc.dictionary(fc.oneof(anyText, fc.constantFrom('ce_id', '1', '__proto__')), anyText),
  value: fc.option(fc.uint8Array()),
});

describe('the ledger', () => {
  it('has what the log has, and the same chain, however it was interrupted', async () => {
    const run = fc.asyncProperty(
      fc.array(anyRecord, { maxLength: 30 }),
      fc.array(fc.record({ size: fc.nat(7), back: fc.nat(3), isEnd: fc.boolean() }), {
        maxLength: 8,
      }),
      async (contents, steps) => {
        using temporary = folder();
        const file = join(temporary.path, 'monitor.db');
        const records = contents.map((content, offset) => recordAt(offset, content));
        let ledger = openLedger({ file });
        const position = (): number => ledger.positions()['seat']?.[0] ?? 0;
        for (const { size, back, isEnd } of steps) {
          const from = Math.max(0, position() - back);
          const given = records.slice(from, from + size);
          const before = position();
          const fresh = await ledger.take(given);
          expect(fresh).toEqual(given.filter(({ offset }) => offset >= before));
          if (!isEnd) continue;
          await ledger.close();
          ledger = openLedger({ file });
        }
        await ledger.take(records);
        using other = folder();
        const anew = openLedger({ file: join(other.path, 'monitor.db') });
        await anew.take(records);
        expect(await headsOf(ledger)).toEqual(await headsOf(anew));
        expect((await ledger.verify()).faults).toEqual([]);
        const found = await ledger.since(0, 100);
        expect(found).toHaveLength(records.length);
        for (const [index, { id: _, hash: __, ...record }] of found.entries()) {
          expect({ ...record, value: record.value && Buffer.from(record.value) }).toEqual({
            ...records[index],
            key: records[index]!.key && Buffer.from(records[index]!.key).toString(),
            value: records[index]!.value && Buffer.from(records[index]!.value),
          });
        }
        await ledger.close();
        await anew.close();
      },
    );
    await fc.assert(run, { numRuns: 30 });
  });

  it('tells of a gap once, and of none where the log itself drops what is old', async () => {
    using temporary = folder();
    const file = join(temporary.path, 'monitor.db');
    const gaps: Gap[] = [];
    const options = { file, compacted: ['flow'], onGap: (gap: Gap) => void gaps.push(gap) };
    const ledger = openLedger(options);
    await ledger.take([recordAt(0), recordAt(5)]);
    await ledger.take([recordAt(3, { topic: 'flow' }), recordAt(9, { topic: 'flow' })]);
    await ledger.take([recordAt(5), recordAt(6)]);
    expect(gaps).toEqual([{ topic: 'seat', partition: 0, from: 1, until: 5 }]);
    const { chains, faults } = await ledger.verify();
    expect(faults).toEqual([]);
    expect(chains.map(({ topic, missing }) => [topic, missing])).toEqual([
      ['flow', 0],
      ['seat', 4],
    ]);
    await ledger.close();
  });

  it('refuses another log', async () => {
    using temporary = folder();
    const ledger = openLedger({ file: join(temporary.path, 'monitor.db') });
    await ledger.take(someRecords(3));
    const others = [recordAt(2, { value: Buffer.from('other') }), recordAt(3)];
    await expect(ledger.take(others)).rejects.toThrow(AnotherLog);
    expect(ledger.positions()).toEqual({ seat: [3] });
    await ledger.close();
  });

  it('cuts off what is old, and what is left is verifiable', async () => {
    using temporary = folder();
    const ledger = openLedger({ file: join(temporary.path, 'monitor.db'), compacted: ['flow'] });
    await ledger.take(someRecords(5_000));
    await ledger.take(someRecords(10, { topic: 'flow' }));
    const forever = { ageMs: Infinity, bytes: Infinity };
    expect(await ledger.cut(forever, noon + 1e9)).toBe(0);
    expect(await ledger.cut({ ...forever, ageMs: 500_000 }, noon + 5_000_000)).toBe(4_500);
    const { chains, faults } = await ledger.verify();
    expect(faults).toEqual([]);
    expect(chains).toMatchObject([
      { topic: 'flow', records: 10, first: 0 },
      { topic: 'seat', records: 500, first: 4_500, next: 5_000 },
    ]);
    await ledger.take([recordAt(4_999), recordAt(5_000)]);
    expect((await ledger.verify()).faults).toEqual([]);
    await ledger.close();
  });

  it('cuts off the oldest of what is too much', async () => {
    using temporary = folder();
    const ledger = openLedger({ file: join(temporary.path, 'monitor.db') });
    await ledger.take(someRecords(3_000, { value: Buffer.alloc(1_000) }));
    const cut = await ledger.cut({ ageMs: Infinity, bytes: 2_000_000 }, noon);
    expect(cut).toBeGreaterThan(1_000);
    expect(cut).toBeLessThan(2_500);
    expect((await ledger.verify()).faults).toEqual([]);
    await ledger.close();
  });

  it('puts down who did what and why, and forgets nothing of it', async () => {
    using temporary = folder();
    const file = join(temporary.path, 'monitor.db');
    const ledger = openLedger({ file });
    const entry = { at: noon, who: 'ada', what: 'discard', about: 'x/0/1', why: 'a test' } as const;
    await ledger.audit.write([entry]);
    expect(await ledger.audit.entries()).toEqual([{ id: 1, ...entry }]);
    expect(await ledger.audit.entries({ before: 1 })).toEqual([]);
    expect(await ledger.audit.entries({ about: 'another' })).toEqual([]);
    expect(await ledger.audit.entries({ what: 'redrive' })).toEqual([]);
    await ledger.close();
    const db = new DatabaseSync(file);
    expect(() => db.exec('DELETE FROM audit')).toThrow(/never forgotten/);
    expect(() => db.exec("UPDATE audit SET who = 'bob'")).toThrow(/never changed/);
    db.close();
  });
});

describe('looking into the ledger', () => {
  const of = (offset: number, booking: string, type: string, trace = 'a'): LogRecord =>
    recordAt(offset, {
      headers: {
        ce_correlationid: booking,
        ce_type: type,
        ce_source: `/ensemble/${type.split('.')[0]}`,
        ce_traceparent: `00-${trace.repeat(32)}-${'b'.repeat(16)}-01`,
      },
    });
  const offsets = (records: readonly LogRecord[]): number[] => records.map(({ offset }) => offset);

  it('finds by booking, type, service, trace and time, page by page', async () => {
    using temporary = folder();
    const file = join(temporary.path, 'monitor.db');
    const ledger = openLedger({ file });
    await ledger.take([
      of(0, 'ada', 'seat.reserved'),
      of(1, 'bob', 'seat.refused'),
      of(2, 'ada', 'seat.sold', 'c'),
      of(3, 'eve', 'seat.reserved'),
    ]);
    const reader = readLedger({ file });
    expect(offsets(await reader.ofBooking('ada'))).toEqual([0, 2]);
    const found = async (query: Parameters<typeof reader.search>[0]) =>
      offsets((await reader.search(query)).records);
    expect(await found({ type: 'seat.reserved' })).toEqual([3, 0]);
    expect(await found({ service: 'seat', order: 'oldest' })).toEqual([0, 1, 2, 3]);
    expect(await found({ trace: 'c'.repeat(32) })).toEqual([2]);
    expect(await found({ from: noon + 1_000, until: noon + 3_000 })).toEqual([2, 1]);
    expect(await found({ booking: 'ada', type: 'seat.sold' })).toEqual([2]);
    const page = await reader.search({ limit: 3 });
    expect(offsets(page.records)).toEqual([3, 2, 1]);
    const last = await reader.search({ limit: 3, after: page.next! });
    expect([offsets(last.records), last.next]).toEqual([[0], null]);
    await ledger.take([of(4, 'ada', 'seat.released')]);
    expect(offsets(await reader.ofBooking('ada'))).toEqual([0, 2, 4]);
    await reader.close();
    await ledger.close();
  });
});
