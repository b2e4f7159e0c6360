import { expect, it } from '@jest/globals';
import type { Bench } from '../conformance.ts';
import { input } from './samples.ts';

/** What parked inputs are promised. */
export const parking = (bench: Bench): void => {
  it('gives what is parked in a partition, by stream and sequence', async () => {
    const inputs = [
      input('seat-1', 'a', { sequence: 9 }),
      input('seat-1', 'c', { sequence: 10 }),
      input('seat-2', 'b', { sequence: 1 }),
    ];
    await bench.store.park([...inputs.toReversed(), input('seat-3', 'd', { partition: 2 })]);
    expect(await bench.store.parked(1)).toEqual(inputs);
    expect(await bench.store.parked(3)).toEqual([]);
  });

  it('keeps what is parked when the same is parked again', async () => {
    await bench.store.park([input('seat-1', 'a')]);
    await bench.store.park([input('seat-1', 'a', { sequence: 7, reason: 'another' })]);
    expect(await bench.store.parked(1)).toEqual([input('seat-1', 'a')]);
  });

  it('gives each parked input with its highest tries', async () => {
    const again = input('seat-1', 'a', { tries: 2, reason: 'still', at: 5 });
    await bench.store.park([input('seat-1', 'a')]);
    await bench.store.park([again]);
    await bench.store.park([input('seat-1', 'a', { tries: 1 })]);
    expect(await bench.store.parked(1)).toEqual([again]);
  });

  it('parks the same input for several streams', async () => {
    await bench.store.park([input('seat-1', 'a'), input('seat-2', 'a')]);
    await bench.store.unpark([input('seat-1', 'a')]);
    expect(await bench.store.parked(1)).toEqual([input('seat-2', 'a')]);
  });

  it('lets go of parked inputs with all their tries, and passes over strangers', async () => {
    await bench.store.park([input('seat-1', 'a'), input('seat-1', 'b', { sequence: 2 })]);
    await bench.store.park([input('seat-1', 'a', { tries: 1 })]);
    await bench.store.unpark([input('seat-1', 'a', { tries: 1 }), input('seat-9', 'a')]);
    expect(await bench.store.parked(1)).toEqual([input('seat-1', 'b', { sequence: 2 })]);
  });

  it('keeps what was parked anew when what was parked before is let go late', async () => {
    const before = input('seat-1', 'a', { tries: 1 });
    await bench.store.park([before]);
    await bench.store.unpark([before]);
    const anew = input('seat-1', 'a', { at: before.at + 1 });
    await bench.store.park([anew]);
    await bench.store.unpark([before]);
    expect(await bench.store.parked(1)).toEqual([anew]);
    await bench.store.unpark([anew]);
    expect(await bench.store.parked(1)).toEqual([]);
  });

  it('has what is parked after a restart', async () => {
    await bench.store.park([input('seat-1', 'a')]);
    await bench.reopen();
    expect(await bench.store.parked(1)).toEqual([input('seat-1', 'a')]);
  });
};
