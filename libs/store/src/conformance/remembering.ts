import { expect, it } from '@jest/globals';
import type { Bench } from '../conformance.ts';
import type { Snapshot } from '../store.ts';

/** What snapshots are promised. */
export const remembering = (bench: Bench): void => {
  const snapshot = (version: number, table = 'seat@1', stream = 'seat-1'): Snapshot => ({
    stream,
    version,
    table,
    body: { seats: { 'A-12': 'Żółć' }, version },
  });

  it('gives back the newest snapshot of a stream', async () => {
    expect(await bench.store.snapshot('seat-1', 'seat@1')).toBeUndefined();
    await bench.store.saveSnapshot(snapshot(10));
    expect(await bench.store.snapshot('seat-1', 'seat@1')).toEqual(snapshot(10));
    await bench.store.saveSnapshot(snapshot(20));
    expect(await bench.store.snapshot('seat-1', 'seat@1')).toEqual(snapshot(20));
    expect(await bench.store.snapshot('seat-2', 'seat@1')).toBeUndefined();
  });

  it('is not misled by an older snapshot that comes late', async () => {
    await bench.store.saveSnapshot(snapshot(20));
    await bench.store.saveSnapshot(snapshot(10));
    expect(await bench.store.snapshot('seat-1', 'seat@1')).toEqual(snapshot(20));
  });

  it('keeps the snapshot that stands when another of the same version is saved', async () => {
    await bench.store.saveSnapshot(snapshot(10));
    await bench.store.saveSnapshot({ ...snapshot(10), body: 'another' });
    expect(await bench.store.snapshot('seat-1', 'seat@1')).toEqual(snapshot(10));
  });

  it('gives no snapshot that another version of the table made', async () => {
    await bench.store.saveSnapshot(snapshot(10, 'seat@1'));
    expect(await bench.store.snapshot('seat-1', 'seat@2')).toBeUndefined();
    await bench.store.saveSnapshot(snapshot(10, 'seat@2'));
    expect(await bench.store.snapshot('seat-1', 'seat@2')).toEqual(snapshot(10, 'seat@2'));
  });

  it('keeps the snapshots of each version of the table, whichever is ahead', async () => {
    // An upgrade is rolled out or taken back: instances of both versions save, and look.
    const tables = ['seat@1', 'seat@10', 'seat@2'];
    for (const [index, table] of tables.entries()) {
      await bench.store.saveSnapshot(snapshot(30 - 10 * index, table));
    }
    const found = () => Promise.all(tables.map((each) => bench.store.snapshot('seat-1', each)));
    expect(await found()).toEqual([30, 20, 10].map((at, index) => snapshot(at, tables[index])));

    await bench.store.saveSnapshot(snapshot(40, 'seat@2'));
    expect(await found()).toEqual([30, 20, 40].map((at, index) => snapshot(at, tables[index])));
  });

  it('has its snapshots after a restart', async () => {
    await bench.store.saveSnapshot(snapshot(10));
    await bench.reopen();
    expect(await bench.store.snapshot('seat-1', 'seat@1')).toEqual(snapshot(10));
  });
};
