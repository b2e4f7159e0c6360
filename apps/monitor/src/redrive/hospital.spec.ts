import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { deadLetterHeaders as marks } from '@ensemble/choreography';
import { events, writeEvent, type AnyEvent } from '@ensemble/contracts';
import type { NewRecord } from '@ensemble/log';
import { knowledge, recordView } from '../flow/index.ts';
import { openLedger } from '../ledger/ledger.ts';
import { folder, noon, recordAt } from '../ledger/spec-kit.ts';
import { hospital } from './hospital.ts';

const definition = events['booking.requested'];
const event = {
  id: 'event-1',
  type: 'booking.requested',
  source: '/ensemble/gateway',
  time: noon,
  version: 1,
  key: 'hamlet/stalls',
  correlationId: definition.example.bookingId,
  causationId: 'request-1',
  sequence: 1,
  data: definition.example,
} as unknown as AnyEvent;
const message = writeEvent(event);

const letterAt = (offset: number, value: Uint8Array, reason = 'no JSON') =>
  recordAt(offset, {
    topic: 'seat.dead',
    key: message.key,
    value,
    headers: {
      ...message.headers,
      [marks.topic]: 'booking',
      [marks.partition]: '0',
      [marks.offset]: '17',
      [marks.group]: 'seat',
      [marks.reason]: reason,
    },
  });

const opened = async (...letters: ReturnType<typeof letterAt>[]) => {
  const temporary = folder();
  const ledger = openLedger({ file: join(temporary.path, 'monitor.db') });
  await ledger.take(letters);
  const known = knowledge({ secret: 'of the spec', partitions: 1 });
  for (const letter of letters) known.record(letter);
  const put: NewRecord[] = [];
  const dropped: string[] = [];
  let offset = 0;
  const house = hospital({
    ledger,
    letters: known.letters,
    // As the log would: what was put back is heard again.
    putBack: async (records) => {
      put.push(...records);
      for (const record of records) {
        const stored = { ...record, partition: 0, offset: (offset += 1) - 1, timestamp: noon };
        await ledger.take([stored]);
        known.record(stored);
      }
    },
    now: () => noon,
    discarded: (position) => {
      dropped.push(position);
      known.discarded(position);
    },
  });
  const view = (query = {}, isPersonalShown = false) =>
    house.letters(query, (record) => recordView(record, record.hash, { isPersonalShown }));
  return {
    ...house,
    view,
    shown: async () => (await view()).letters,
    ledger,
    put,
    dropped,
    [Symbol.asyncDispose]: async () => {
      await ledger.close();
      temporary[Symbol.dispose]();
    },
  };
};

const mandate = { by: 'ada', why: 'mended' };

describe('the hospital', () => {
  it('shows what died, why, where, and how it differs from its contract', async () => {
    const { seats: _, ...data } = definition.example;
    const odd = Buffer.from(JSON.stringify({ ...data, showId: 7 }));
    await using house = await opened(letterAt(0, Buffer.from('{')), letterAt(1, odd));
    const [second, first] = await house.shown();
    expect(first).toMatchObject({
      id: 'seat.dead/0/0',
      service: 'seat',
      reason: 'no JSON',
      origin: 'booking/0/17',
      type: 'booking.requested',
      bookingId: definition.example.bookingId,
      differences: [{ at: '', expected: 'JSON in UTF-8', found: 'something else' }],
    });
    expect(first!.record.body).toBeNull();
    expect(second!.differences.map(({ at, found }) => [at, found])).toEqual([
      ['/showId', 'a number'],
      ['/seats', 'nothing'],
    ]);
    expect(second!.record.body).not.toContain(definition.example.customer.name);
  });

  it('says of a body that is well what else nobody could read', async () => {
    const well = letterAt(0, Buffer.from(message.value));
    await using house = await opened({
      ...well,
      headers: { ...well.headers, ce_source: '/ensemble/mallory' },
    });
    const [letter] = await house.shown();
    expect(letter!.differences).toMatchObject([{ expected: expect.stringContaining('gateway') }]);
  });

  it('gives the same bytes back in the name of who has it done, and puts that down', async () => {
    const bytes = Buffer.from([0, 255, 1]);
    await using house = await opened(letterAt(0, bytes));
    expect(await house.view()).toMatchObject({ count: 1 });
    const done = await house.redrive(['seat.dead/0/0', 'seat.dead/0/9', 'odd'], mandate);
    const why = 'there is no such dead letter';
    expect(done).toEqual({
      done: ['seat.dead/0/0'],
      failed: [
        { id: 'seat.dead/0/9', why },
        { id: 'odd', why },
      ],
    });
    expect(house.put).toMatchObject([
      {
        topic: 'seat.redrive',
        partition: 0,
        key: message.key,
        headers: {
          ce_id: 'event-1',
          [marks.topic]: 'booking',
          [marks.redriveOf]: 'seat.dead/0/0',
          [marks.redriveBy]: 'ada',
          [marks.redriveWhy]: 'mended',
        },
      },
    ]);
    expect(Buffer.from(house.put[0]!.value!)).toEqual(bytes);
    expect(await house.view()).toEqual({ letters: [], count: 0, next: null });
    expect(await house.ledger.audit.entries()).toMatchObject([
      { at: noon, who: 'ada', what: 'redrive', about: 'seat.dead/0/0', why: 'mended' },
    ]);
  });

  it('drops a letter for good, and keeps it', async () => {
    await using house = await opened(letterAt(0, Buffer.from('{')));
    expect(await house.discard(['seat.dead/0/0'], mandate)).toMatchObject({ failed: [] });
    expect(house.dropped).toEqual(['seat.dead/0/0']);
    expect(await house.view()).toMatchObject({ letters: [], count: 0 });
    expect(await house.redrive(['seat.dead/0/0'], mandate)).toMatchObject({
      failed: [{ why: 'it was discarded before' }],
    });
    expect(house.put).toEqual([]);
    expect(await house.ledger.at('seat.dead', 0, 0)).toBeDefined();
  });

  it('pages through however many there are, and finds them by what they say', async () => {
    const many = Array.from({ length: 2_350 }, (_, n) =>
      letterAt(n, Buffer.from('{'), n % 1_000 === 7 ? 'a decision threw' : 'no JSON'),
    );
    await using house = await opened(...many);
    const ids = new Set<string>();
    for (let before: string | undefined; ;) {
      const { letters, count, next } = await house.view({ before });
      expect(count).toBe(2_350);
      for (const { id } of letters) ids.add(id);
      if (next === null) break;
      before = next;
    }
    expect(ids.size).toBe(2_350);
    const thrown = await house.view({ q: 'Threw', service: 'seat' });
    expect(thrown.letters.map(({ id }) => id)).toEqual(
      [2_007, 1_007, 7].map((offset) => `seat.dead/0/${offset}`),
    );
    expect(await house.view({ service: 'ticket' })).toMatchObject({ count: 0 });
    expect(await house.redrive(['seat.dead/0/3'], mandate)).toMatchObject({ failed: [] });
  });

  it('leaves out of a reason what it quotes, unless personal data may be shown', async () => {
    const reason = 'expected JSON, found "Ada Lovelace" of ada@example.org';
    await using house = await opened(letterAt(0, Buffer.from('{'), reason));
    expect(JSON.stringify(await house.view())).not.toMatch(/Ada|ada@/);
    expect(await house.view({}, true)).toMatchObject({ letters: [{ reason }] });
  });
});
