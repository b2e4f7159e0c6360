import { describe, expect, it } from '@jest/globals';
import { murmur2, partitionOf } from './partition.ts';

describe('a partition', () => {
  // Source: org.apache.kafka.common.utils.UtilsTest.testMurmur2.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('has the hash of Kafka for %s', (key, hash) => {
    expect(murmur2(Buffer.from(key))).toBe(hash);
  });

  it('is that of the hash made positive', () => {
    expect(partitionOf('21', 8)).toBe((-973932308 & 0x7fffffff) % 8);
    expect(partitionOf('abc', 8)).toBe(479470107 % 8);
  });

  it('is found by the UTF-8 bytes of a key', () => {
    expect(partitionOf('Żółć', 1_000)).toBe(
      (murmur2(new TextEncoder().encode('Żółć')) & 0x7fffffff) % 1_000,
    );
  });

  it('is the first for records without a key', () => {
    expect(partitionOf(null, 8)).toBe(0);
  });
});
