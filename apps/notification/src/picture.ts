import { crc32, deflateSync } from 'node:zlib';
import { encodeQR } from 'qr';

/** Pixels for each module of the QR code. */
const scale = 4;

/**
 * A QR code as a PNG of one bit a pixel, 2 kB: mail clients show no SVG, and the GIF that `qr`
 * writes is not compressed, 100 kB.
 */
export const qrPng = (text: string): Buffer => {
  const modules = encodeQR(text, 'raw', { ecc: 'medium', border: 4 });
  const size = modules.length * scale;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  // One bit, greyscale; the three zeros after it: deflate, filters by line, not interlaced.
  header.writeUInt8(1, 8);
  const lines = modules.flatMap((row) => Array<Buffer>(scale).fill(lineOf(row, size)));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(lines))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
};

/** A line of pixels after the byte that names its filter (none). A bit is set where it is light. */
const lineOf = (row: readonly boolean[], size: number): Buffer => {
  const line = Buffer.alloc(1 + Math.ceil(size / 8));
  for (let x = 0; x < size; x += 1) {
    const dark = row[Math.floor(x / scale)] === true;
    const at = 1 + Math.floor(x / 8);
    if (!dark) line.writeUInt8(line.readUInt8(at) | (0x80 >> (x % 8)), at);
  }
  return line;
};

const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
};
