import kafkajs from 'kafkajs';

/** The longest literal whose length fits into two bytes. */
const literalBytes = 65_536;

/**
 * Snappy that says everything literally: valid, and as long as what it holds. Framed as Kafka's
 * clients frame it, by the Java library of Xerial.
 */
const compress = (bytes: Buffer): Buffer => {
  const chunks: Buffer[] = [Buffer.from('82534e41505059000000000100000001', 'hex')];
  for (let at = 0; at < bytes.length; at += literalBytes) {
    const literal = bytes.subarray(at, at + literalBytes);
    const tag = Buffer.alloc(3);
    tag.writeUInt8(61 << 2);
    tag.writeUInt16LE(literal.length - 1, 1);
    const block = Buffer.concat([varint(literal.length), tag, literal]);
    const length = Buffer.alloc(4);
    length.writeInt32BE(block.length);
    chunks.push(length, block);
  }
  return Buffer.concat(chunks);
};

const varint = (value: number): Buffer => {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
};

const codec = {
  compress: ({ buffer }: { buffer: Buffer }) => Promise.resolve(compress(buffer)),
  decompress: () => Promise.reject(new Error('expected nothing to be read')),
};

/** Lets the producers of this process compress by snappy. */
export const allowSnappy = (): void => {
  kafkajs.CompressionCodecs[kafkajs.CompressionTypes.Snappy] = () => codec;
};
