import { describe, expect, it } from '@jest/globals';
import decodeQR from 'qr/decode.js';
import { qrPath } from './qr.ts';

/** The path as pixels, so many for each module, as a camera would see it. */
const drawn = ({ size, path }: ReturnType<typeof qrPath>, scale: number) => {
  const side = size * scale;
  const data = new Uint8Array(side * side * 4).fill(255);
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1H\d+z/g)) {
    const [left, top, right] = [Number(x), Number(y), Number(x) + Number(width)];
    for (let row = top * scale; row < (top + 1) * scale; row += 1) {
      const from = (row * side + left * scale) * 4;
      const to = (row * side + right * scale) * 4;
      for (let at = from; at < to; at += 4) data.fill(0, at, at + 3);
    }
  }
  return { width: side, height: side, data };
};

describe('the QR code of a seat', () => {
  it.each([
    'eyJ2IjoxLCJzIjoiQS0xMiJ9.c2lnbmF0dXJl',
    `${'eyJ2IjoxLCJraWQiOiJhYmMifQ'.repeat(10)}.${'c2ln'.repeat(21)}xx`,
  ])('is read as the code that it was made of', (code) => {
    expect(decodeQR(drawn(qrPath(code), 4))).toBe(code);
  });
});
