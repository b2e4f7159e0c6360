import { encodeQR } from 'qr';

/** A QR code as one path of an SVG: a module is one unit, the quiet around them is included. */
export interface QrPath {
  /** Units of each side. */
  readonly size: number;
  readonly path: string;
}

/** The runs of dark modules in a row, as rectangles. */
const runsOf = (row: readonly boolean[], y: number): string => {
  let path = '';
  for (let x = 0; x < row.length; x += 1) {
    if (!row[x]) continue;
    const from = x;
    while (row[x + 1]) x += 1;
    path += `M${from} ${y}h${x + 1 - from}v1H${from}z`;
  }
  return path;
};

/** The QR code of a text, with the four modules of quiet that scanners ask for. */
export const qrPath = (text: string): QrPath => {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: 4 });
  return { size: rows.length, path: rows.map(runsOf).join('') };
};
