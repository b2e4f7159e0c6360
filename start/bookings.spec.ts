import { type Log, memoryLog, memoryLogData } from '@ensemble/log';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { followBookings } from './bookings.ts';

const ada = '5f0c9a3be2d14c7fa1b7c0d2e3f40516';
const noon = Date.parse('2026-11-21T12:00:00.000Z');

let log: Log;
let lines: string[];
let timers: Set<() => void>;
beforeEach(async () => {
  log = memoryLog(memoryLogData({ partitions: 2 }));
  lines = [];
  timers = new Set();
  const topics = ['booking', 'seat', 'payment', 'ticket', 'notification'];
  await log.declare(topics.map((name) => ({ name })));
});

/** Says the events one after another, each at its time after noon, the start, and waits until all are read. */
const hear = async (...said: readonly (readonly [type: string, ms: number])[]): Promise<void> => {
  const after = (_ms: number, task: () => void) => {
    timers.add(task);
    return () => void timers.delete(task);
  };
  const stop = followBookings(log, { now: () => noon, after }, (line) => lines.push(line));
  const read = Promise.withResolvers<void>();
  let left = said.length;
  const reader = log.read({
    topics: 'all',
    from: 'end',
    onRecords: (records) => {
      left -= records.length;
      if (left === 0) read.resolve();
    },
  });
  for (const [type, ms] of said) {
    const headers = {
      ce_id: `${type} at ${ms}`,
      ce_type: type,
      ce_correlationid: ada,
      ce_time: new Date(noon + ms).toISOString(),
    };
    const topic = type.slice(0, type.indexOf('.'));
    await log.append([{ topic, key: 'hamlet/stalls', value: null, headers }]);
  }
  await read.promise;
  await reader.stop();
  for (const task of timers) task();
  await stop();
};

describe('the lines about bookings', () => {
  it('tell of one that is ticketed: when, which, how and how long', async () => {
    await hear(
      ['booking.requested', 0],
      ['seat.reserved', 5],
      ['payment.received', 40],
      ['seat.sold', 45],
      ['ticket.generated', 60],
      ['notification.sent', 90],
    );
    const path =
      'booking.requested → seat.reserved → payment.received → ticket.generated → notification.sent';
    expect(lines).toEqual([`12:00:00 5f0c9a3b ${path}  ticketed  60 ms`]);
  });

  it('do not wait long for a mail', async () => {
    await hear(['booking.requested', 0], ['seat.refused', 7]);
    expect(lines).toEqual(['12:00:00 5f0c9a3b booking.requested → seat.refused  refused  7 ms']);
  });

  it('tell once more when the money goes back', async () => {
    await hear(
      ['booking.requested', 0],
      ['ticket.generated', 60],
      ['notification.sent', 70],
      ['payment.refunded', 900],
      ['notification.sent', 950],
    );
    expect(lines.map((line) => line.split('  ')[1])).toEqual(['ticketed', 'refunded']);
  });

  it('leave out what was settled before this start and is only published again', async () => {
    await hear(['booking.requested', -90], ['seat.refused', -80], ['notification.sent', -70]);
    expect(lines).toEqual([]);
  });

  it('tell of one that goes on after a restart, without what is not known', async () => {
    await hear(['payment.refunded', 5], ['ticket.generated', -80], ['notification.sent', 10]);
    const path = '… → ticket.generated → payment.refunded → notification.sent';
    expect(lines).toEqual([`12:00:00 5f0c9a3b ${path}  refunded`]);
  });

  it('tell of an event once, however often it is published', async () => {
    await hear(['booking.requested', 0], ['seat.refused', 7], ['seat.refused', 7]);
    expect(lines).toEqual(['12:00:00 5f0c9a3b booking.requested → seat.refused  refused  7 ms']);
  });

  it('leave a booking failed whose money was found and given back', async () => {
    await hear(['booking.requested', 0], ['payment.failed', 60], ['payment.refunded', 900]);
    expect(lines.map((line) => line.split('  ')[1])).toEqual(['failed']);
  });
});
