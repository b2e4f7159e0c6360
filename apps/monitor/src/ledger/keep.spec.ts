import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { systemClock } from '@ensemble/host';
import { type LogRecord, memoryLog, memoryLogData } from '@ensemble/log';
import fc from 'fast-check';
import { keepLedger } from './keep.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { folder } from './spec-kit.ts';

const forever = { ageMs: Infinity, bytes: Infinity };

const keepIn = (ledger: Ledger, log: ReturnType<typeof memoryLog>) => {
  const took: LogRecord[] = [];
  const warned: unknown[] = [];
  const keeping = keepLedger(ledger, log, {
    clock: systemClock,
    keeping: forever,
    took: (records) => void took.push(...records),
    warn: (_what, error) => void warned.push(error),
  });
  return { ...keeping, took, warned };
};

const record = (topic: string, key: string) => ({
  topic,
  key,
  value: Buffer.from(key),
  headers: {},
});

const heads = async (ledger: Ledger) =>
  (await ledger.verify()).chains.map(({ topic, partition, records, head }) => [
    `${topic}/${partition}`,
    records,
    head,
  ]);

describe('keeping the ledger', () => {
  it('has everything, whenever it was down, and the same as one made anew', async () => {
    const places = fc.tuple(fc.constantFrom('seat', 'seat.dead', 'unheard-of'), fc.string());
    const run = fc.asyncProperty(
      fc.array(fc.record({ appended: fc.array(places, { maxLength: 9 }), isUp: fc.boolean() })),
      async (spells) => {
        using temporary = folder();
        const file = join(temporary.path, 'monitor.db');
        const log = memoryLog(memoryLogData({ partitions: 3 }));
        let count = 0;
        for (const { appended, isUp } of spells) {
          const ledger = openLedger({ file });
          const kept = isUp ? keepIn(ledger, log) : undefined;
          for (const [topic, key] of appended) {
            await log.declare([{ name: topic }]);
            await log.append([record(topic, key)]);
          }
          count += appended.length;
          // It ends while something is under way as often as not.
          await kept?.stop();
          await ledger.close();
        }
        const ledger = openLedger({ file });
        const kept = keepIn(ledger, log);
        using other = folder();
        const anew = openLedger({ file: join(other.path, 'monitor.db') });
        const fresh = keepIn(anew, log);
        await Promise.all([kept.caughtUp, fresh.caughtUp]);
        await Promise.all([kept.stop(), fresh.stop()]);
        expect(fresh.took).toHaveLength(count);
        expect(await heads(ledger)).toEqual(await heads(anew));
        expect((await ledger.verify()).faults).toEqual([]);
        expect([kept.warned, kept.waitsFor()]).toEqual([[], []]);
        await Promise.all([ledger.close(), anew.close()]);
      },
    );
    await fc.assert(run, { numRuns: 25 });
  });

  it('takes up topics that come while it runs', async () => {
    using temporary = folder();
    const ledger = openLedger({ file: join(temporary.path, 'monitor.db') });
    const log = memoryLog(memoryLogData({ partitions: 1 }));
    const arrived = Promise.withResolvers<readonly LogRecord[]>();
    const kept = keepLedger(ledger, log, {
      clock: systemClock,
      keeping: forever,
      took: arrived.resolve,
      warn: (_what, error) => arrived.reject(error),
    });
    await log.declare([{ name: 'brand-new' }]);
    await log.append([record('brand-new', 'a')]);
    expect(await arrived.promise).toMatchObject([{ topic: 'brand-new', offset: 0 }]);
    await kept.stop();
    await ledger.close();
  });

  it('says that the log is another one', async () => {
    using temporary = folder();
    const ledger = openLedger({ file: join(temporary.path, 'monitor.db') });
    const logOf = async (...keys: string[]) => {
      const log = memoryLog(memoryLogData({ partitions: 1 }));
      await log.declare([{ name: 'seat' }]);
      await log.append(keys.map((key) => record('seat', key)));
      return log;
    };
    const first = keepIn(ledger, await logOf('ada', 'bob'));
    await first.caughtUp;
    await first.stop();
    const another = await logOf('ada', 'eve', 'bob');
    const told = Promise.withResolvers<unknown>();
    const second = keepLedger(ledger, another, {
      clock: systemClock,
      keeping: forever,
      took: () => undefined,
      warn: (_what, error) => told.resolve(error),
    });
    expect(await told.promise).toMatchObject({ code: 'another-log' });
    expect(second.waitsFor()).toEqual([expect.stringContaining('made of another log')]);
    await second.stop();
    await ledger.close();
  });
});
