import { describe, expect, it } from '@jest/globals';
import { writeEvent } from '@ensemble/contracts';
import type { LogRecord } from '@ensemble/log';
import { recent } from './recent.ts';
import { eventOf } from './rehearsal.ts';

const record = (): LogRecord => {
  const { value, ...message } = writeEvent(eventOf('seat.sold'));
  const timestamp = Date.now();
  return { ...message, value: Buffer.from(value), partition: 0, offset: 0, timestamp };
};

describe('what is recent', () => {
  it('is read when it is asked for', () => {
    const records = recent(10);
    const one = record();
    records.take('ada', one);
    expect(records.events('ada')).toMatchObject([{ id: one.headers['ce_id'], type: 'seat.sold' }]);
    expect(records.events('bob')).toEqual([]);
  });

  it('is bounded: the idlest documents make room', () => {
    const records = recent(4);
    for (const document of ['ada', 'bob', 'bob', 'ada', 'carl']) records.take(document, record());
    expect(records.size()).toBe(3);
    expect(['ada', 'bob', 'carl'].map((each) => records.events(each).length)).toEqual([2, 0, 1]);
  });

  it('is bounded within a document: the newest stay', () => {
    const records = recent(5_000);
    const all = Array.from({ length: 1_200 }, record);
    for (const each of all) records.take('ada', each);
    expect(records.size()).toBe(1_000);
    expect(records.events('ada').at(-1)?.id).toBe(all.at(-1)?.headers['ce_id']);
  });

  it('is whole if it was followed from its first record, until that had to go', () => {
    const records = recent(1_500);
    records.take('ada', record());
    expect(records.whole('ada')).toBeUndefined();
    // What follows from the first may be read before it.
    records.take('ada', record(), { isFirst: true });
    records.take('ada', record());
    expect(records.whole('ada')).toHaveLength(3);
    for (let n = 0; n < 1_000; n += 1) records.take('ada', record());
    expect(records.whole('ada')).toBeUndefined();
    records.take('bob', record(), { isFirst: true });
    for (let n = 0; n < 500; n += 1) records.take(`carl ${n}`, record());
    expect(records.whole('bob')).toBeDefined();
    for (let n = 0; n < 1_500; n += 1) records.take(`dora ${n}`, record());
    records.take('bob', record());
    expect(records.whole('bob')).toBeUndefined();
  });

  it('is nothing where nobody can read it', () => {
    const records = recent(10);
    records.take('ada', { ...record(), value: Buffer.from('{') });
    records.take('ada', { ...record(), headers: {} });
    expect(records.events('ada')).toEqual([]);
  });
});
