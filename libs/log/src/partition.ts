/**
 * Kafka's default partitioner: murmur2 of the key's UTF-8 bytes, made positive, modulo the number
 * of partitions; so producers in other languages agree with ours.
 * Source: org.apache.kafka.common.utils.Utils.murmur2.
 */
export const partitionOf = (key: string | null, partitions: number): number =>
  key === null ? 0 : (murmur2(Buffer.from(key)) & 0x7fffffff) % partitions;

const m = 0x5bd1e995;

/** The hash of a key, as a signed 32-bit number. */
export const murmur2 = (bytes: Uint8Array): number => {
  const { length } = bytes;
  const at = (index: number): number => bytes[index] ?? 0;
  let h = 0x9747b28c ^ length;
  const whole = length - (length % 4);
  for (let i = 0; i < whole; i += 4) {
    let k = at(i) | (at(i + 1) << 8) | (at(i + 2) << 16) | (at(i + 3) << 24);
    k = Math.imul(k, m);
    k ^= k >>> 24;
    h = Math.imul(h, m) ^ Math.imul(k, m);
  }
  const rest = length - whole;
  if (rest >= 3) h ^= at(whole + 2) << 16;
  if (rest >= 2) h ^= at(whole + 1) << 8;
  if (rest >= 1) h = Math.imul(h ^ at(whole), m);
  h ^= h >>> 13;
  h = Math.imul(h, m);
  return h ^ (h >>> 15);
};
