import { describe, expect, it } from '@jest/globals';
import { type Consumer, memoryLog, memoryLogData } from '@ensemble/log';
import { behind, groupsOf, lagMeter } from './lags.ts';

const record = (topic: string) => ({ topic, key: null, value: null, headers: {} });

describe('the lag of a service', () => {
  it('is what waits for it, over all topics that it hears', async () => {
    const log = memoryLog(memoryLogData({ partitions: 2 }));
    await log.declare([{ name: 'booking' }, { name: 'seat' }]);
    const heard = groupsOf(
      new Map([
        ['payment', { hears: ['booking.requested', 'seat.reserved', 'seat.released'] }],
        ['gateway', { hears: [] }],
        ['mail', { hears: ['seat.sold'] }],
      ]),
    );
    expect(heard.get('payment')).toEqual(['booking', 'seat', 'payment.redrive']);
    let now = 1_000;
    const measure = lagMeter(log, { now: () => now, heard: () => heard });
    expect(await measure()).toEqual(
      new Map([
        ['payment', { lag: 0, standsSince: null }],
        ['mail', { lag: 0, standsSince: null }],
      ]),
    );

    await log.append([record('booking'), record('booking'), record('seat')]);
    expect((await measure()).get('payment')).toEqual({ lag: 3, standsSince: null });
    now = 5_000;
    expect((await measure()).get('mail')).toEqual({ lag: 1, standsSince: 1_000 });

    const done = Promise.withResolvers<void>();
    const consumer: Consumer = log.consume({
      group: 'mail',
      topics: ['seat'],
      assigned: () => undefined,
      revoked: () => undefined,
      handle: async () => done.resolve(),
    });
    await done.promise;
    await consumer.stop();
    const [payment, mail] = [...(await measure()).values()];
    expect(payment).toEqual({ lag: 3, standsSince: 1_000 });
    expect(mail).toEqual({ lag: 0, standsSince: null });
  });

  it('of a reader is what it has not read', async () => {
    const log = memoryLog(memoryLogData({ partitions: 1 }));
    await log.declare([{ name: 'booking' }, { name: 'seat' }]);
    await log.append([record('booking'), record('booking'), record('seat')]);
    const ends = await log.ends(['booking', 'seat']);
    expect(behind(ends, { booking: [1] })).toBe(2);
    expect(behind(ends, { booking: [2], seat: [1] })).toBe(0);
  });
});
