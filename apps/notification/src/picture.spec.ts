import { inflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { decodeQR } from 'qr/decode.js';
import { qrPng } from './picture.ts';

/** The picture as a screen shows it: its pixels, four bytes each. */
const show = (png: Buffer) => {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const start = png.indexOf('IDAT') + 4;
  const lines = inflateSync(png.subarray(start, start + png.readUInt32BE(start - 8)));
  const stride = 1 + Math.ceil(width / 8);
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const light = lines[y * stride + 1 + Math.floor(x / 8)]! & (0x80 >> (x % 8));
    if (!light) data.fill(0, pixel * 4, pixel * 4 + 3);
  }
  return { width, height, data };
};

describe('the picture of a code', () => {
  const code = `${'x'.repeat(210)}.${'y'.repeat(86)}`;

  it('is read by a phone', () => {
    expect(decodeQR(show(qrPng(code)))).toBe(code);
  });

  it('is small, and the same each time', () => {
    expect(qrPng(code).length).toBeLessThan(4_000);
    expect(qrPng(code)).toEqual(qrPng(code));
  });
});
