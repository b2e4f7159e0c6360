import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { type Fetched, recordOf } from './records.ts';

interface Encoder {
  writeInt8(value: number): Encoder;
  writeVarLong(value: number): Encoder;
  writeVarInt(value: number): Encoder;
  writeVarIntBytes(value: Buffer | null): Encoder;
  writeVarIntString(value: string): Encoder;
  readonly buffer: Buffer;
}
const load = createRequire(import.meta.url);
const Encoder = load('kafkajs/src/protocol/encoder') as new () => Encoder;
const Decoder = load('kafkajs/src/protocol/decoder') as new (buffer: Buffer) => object;
const decode = load('kafkajs/src/protocol/recordBatch/record/v0/decoder') as (
  decoder: object,
  batch: object,
) => Fetched;

/** What is read of a record that came over the wire with these headers. */
const readWith = (...headers: readonly (readonly [name: string, value: Buffer | null])[]) => {
  const encoder = new Encoder().writeInt8(0).writeVarLong(7).writeVarInt(5);
  encoder.writeVarIntBytes(Buffer.from('a key')).writeVarIntBytes(Buffer.from('a value'));
  encoder.writeVarInt(headers.length);
  for (const [name, value] of headers) encoder.writeVarIntString(name).writeVarIntBytes(value);
  const batch = { firstOffset: '100', firstTimestamp: '1000', magicByte: 2 };
  return recordOf('seat', 3, decode(new Decoder(encoder.buffer), batch));
};

describe('a record as kafkajs fetched it', () => {
  it('is read with its headers as text', () => {
    const found = readWith(['ce_type', Buffer.from('seat.sold')], ['ce_id', Buffer.from('é')]);
    expect(found).toEqual({
      topic: 'seat',
      partition: 3,
      offset: 105,
      timestamp: 1007,
      key: 'a key',
      value: Buffer.from('a value'),
      headers: { ce_type: 'seat.sold', ce_id: 'é' },
    });
    expect(readWith().headers).toEqual({});
  });

  it('has the last of a header that is there several times', () => {
    expect(readWith(['a', Buffer.from('1')], ['a', Buffer.from('2')]).headers).toEqual({ a: '2' });
  });

  it('is read whatever its headers are', () => {
    const { headers } = readWith(
      ['none', null],
      ['', Buffer.from('nameless')],
      ['__proto__', Buffer.from('polluted')],
      ['latin', Buffer.from([0xff])],
    );
    expect(Object.entries(headers)).toEqual([
      ['none', ''],
      ['', 'nameless'],
      ['__proto__', 'polluted'],
      ['latin', '\ufffd'],
    ]);
    expect(Object.getPrototypeOf(headers)).toBe(Object.prototype);
  });
});
