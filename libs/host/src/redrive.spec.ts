import { deadLetterHeaders as headers } from '@ensemble/choreography';
import { type Log, type LogRecord, memoryLog, memoryLogData } from '@ensemble/log';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { redrive } from './redrive.ts';

let log: Log;
beforeEach(async () => {
  log = memoryLog(memoryLogData({ partitions: 2 }));
  await log.declare([{ name: 'seat.dead' }, { name: 'seat.redrive' }]);
});

const bury = (id: string, offset: number): Promise<void> =>
  log.append([
    {
      topic: 'seat.dead',
      key: 'hamlet/stalls',
      value: Buffer.from('{ not JSON'),
      headers: {
        ce_id: id,
        ce_type: 'booking.requested',
        [headers.topic]: 'booking',
        [headers.partition]: '1',
        [headers.offset]: String(offset),
        [headers.reason]: 'the body is not JSON',
      },
    },
  ]);

const back = async (): Promise<LogRecord[]> => {
  const records: LogRecord[] = [];
  const onRecords = (some: readonly LogRecord[]) => void records.push(...some);
  const reader = log.read({ topics: ['seat.redrive'], from: 'start', onRecords });
  await reader.caughtUp;
  await reader.stop();
  return records;
};

describe('a redrive', () => {
  it('puts the same key, bytes and headers back, and says of which letter', async () => {
    await bury('event-1', 7);
    const done = await redrive(log, 'seat');
    const [record] = await back();
    const position = done.letters[0]?.position;
    expect(done).toEqual({
      service: 'seat',
      count: 1,
      letters: [{ id: 'event-1', type: 'booking.requested', position }],
      skipped: 0,
    });
    expect(record).toMatchObject({
      key: 'hamlet/stalls',
      value: Buffer.from('{ not JSON'),
      headers: {
        ce_id: 'event-1',
        [headers.topic]: 'booking',
        [headers.reason]: 'the body is not JSON',
        [headers.redriveOf]: position,
      },
    });
  });

  it('puts each back in the partition where it died, whatever its key', async () => {
    const letter = (partition: number) => ({
      topic: 'seat.dead',
      key: 'booking-1',
      partition,
      value: Buffer.from(JSON.stringify({ kind: 'came', id: `to-do-${partition}` })),
      headers: { [headers.came]: 'charge', [headers.stream]: 'booking-1' },
    });
    await log.append([letter(0), letter(1)]);
    await redrive(log, 'seat');
    const found = (await back()).map(({ partition, value }) => `${partition}: ${String(value)}`);
    const wanted = [0, 1].map((partition) => `${partition}: ${String(letter(partition).value)}`);
    expect(new Set(found)).toEqual(new Set(wanted));
    expect(found).toHaveLength(2);
  });

  it('leaves those alone that were redriven before', async () => {
    await bury('event-1', 7);
    await redrive(log, 'seat');
    await bury('event-2', 8);
    const done = await redrive(log, 'seat');
    expect(done.letters.map(({ id }) => id)).toEqual(['event-2']);
    expect(done.skipped).toBe(1);
    expect(await back()).toHaveLength(2);
  });

  it('puts one back that is named, by id or by where it stood, also once more', async () => {
    await bury('event-1', 7);
    await bury('event-2', 8);
    for (const id of ['event-2', 'booking/1/8']) {
      const { letters } = await redrive(log, 'seat', { id });
      expect(letters.map((letter) => letter.id)).toEqual(['event-2']);
    }
    expect(await back()).toHaveLength(2);
  });

  it('puts one back once that died many times', async () => {
    await bury('event-1', 7);
    await bury('event-1', 7);
    expect((await redrive(log, 'seat', { id: 'event-1' })).count).toBe(1);
  });

  it('knows what came of a to-do by the id of the to-do', async () => {
    const value = Buffer.from(JSON.stringify({ kind: 'came', id: 'to-do-1', name: 'charge' }));
    await log.append([
      {
        topic: 'seat.dead',
        key: 'booking-1',
        value,
        headers: { [headers.came]: 'charge', [headers.stream]: 'booking-1' },
      },
    ]);
    const { letters } = await redrive(log, 'seat', { id: 'to-do-1' });
    expect(letters).toMatchObject([{ id: 'to-do-1', type: 'charge' }]);
  });

  it('does nothing when there is none', async () => {
    expect(await redrive(log, 'payment')).toEqual({
      service: 'payment',
      count: 0,
      letters: [],
      skipped: 0,
    });
  });

  it('fails when the log does, and loses nothing', async () => {
    await bury('event-1', 7);
    const away = new Error('the log is away');
    const broken: Log = { ...log, append: () => Promise.reject(away) };
    await expect(redrive(broken, 'seat')).rejects.toBe(away);
    expect((await redrive(log, 'seat')).count).toBe(1);
  });
});
