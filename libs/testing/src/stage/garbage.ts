import type { NewRecord } from '@ensemble/log';
import type { Chance } from './chance.ts';

const mark = 'x-garbage';
/** Whether nobody should have put this record onto the log, and nobody can read it. */
export const isGarbage = ({ headers }: Pick<NewRecord, 'headers'>): boolean => mark in headers;

const spoilt: readonly ((record: NewRecord) => Partial<NewRecord>)[] = [
  () => ({ value: null }),
  () => ({ value: Buffer.from([0xff, 0xfe, 0x7b]) }),
  () => ({ value: Buffer.from('{"__proto__": {"showId": 1}, "seats": ') }),
  () => ({ headers: {} }),
  ({ headers }) => ({ headers: { ...headers, ce_source: '/ensemble/somebody-else' } }),
  ({ headers }) => ({ headers: { ...headers, ce_time: '2999-01-01T00:00:00.000Z' } }),
  ({ headers }) => ({ headers: { ...headers, ce_id: '' } }),
];

/** A record as it may be after somebody without care, or with malice, had it. */
export const garbageOf = ({ topic, key, value, headers }: NewRecord, chance: Chance): NewRecord => {
  const record = {
    topic,
    key,
    value,
    headers,
    ...chance.pick(spoilt)?.({ topic, key, value, headers }),
  };
  return { ...record, headers: { ...record.headers, [mark]: 'yes' } };
};
