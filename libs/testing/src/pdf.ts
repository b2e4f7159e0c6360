import { inflateSync } from 'node:zlib';

interface PdfObject {
  readonly dictionary: string;
  /** Unpacked. */
  readonly stream: string;
}

const objectsOf = (pdf: Buffer): ReadonlyMap<string, PdfObject> =>
  new Map(
    pdf
      .toString('latin1')
      .matchAll(/(\d+) 0 obj\n([^]*?)\nendobj/g)
      .map(([, id = '', body = '']) => {
        const [dictionary = ''] = body.split('stream\n', 1);
        const packed = body.slice(dictionary.length + 'stream\n'.length, -'\nendstream'.length);
        const stream = dictionary.includes('FlateDecode')
          ? inflateSync(Buffer.from(packed, 'latin1')).toString('latin1')
          : '';
        return [id, { dictionary, stream }] as const;
      }),
  );

/** What is drawn on each page of a tagged PDF, in PDF's own language. */
export const pdfContents = (pdf: Buffer): string[] =>
  [...objectsOf(pdf).values()].map(({ stream }) => stream).filter((it) => it.includes('/MCID'));

/** By font, the letter that each of its glyphs stands for. */
const lettersOf = (pdf: Buffer): ReadonlyMap<string, readonly string[]> => {
  const objects = objectsOf(pdf);
  const fonts = pdf.toString('latin1').matchAll(/\/(F\d+) (\d+) 0 R/g);
  return new Map(
    fonts.map(([, font = '', id = '']) => {
      const [, cmap = ''] = /\/ToUnicode (\d+)/.exec(objects.get(id)?.dictionary ?? '') ?? [];
      const stream = objects.get(cmap)?.stream ?? '';
      const [, range = ''] = /beginbfrange\n<0000> <\w+> \[(.*)\]/.exec(stream) ?? [];
      const letters = range
        .matchAll(/<(\w+)>/g)
        .map(([, hex = '']) => String.fromCodePoint(Number.parseInt(hex, 16)));
      return [font, [...letters]];
    }),
  );
};

/**
 * The lines of text on each page of a tagged PDF with embedded fonts, as somebody who copies them
 * out of it gets them.
 */
export const pdfPages = (pdf: Buffer): string[][] => {
  const letters = lettersOf(pdf);
  const textOf = (font: string, shown: string): string =>
    [...shown.matchAll(/<(\w+)>/g)]
      .flatMap(([, hex = '']) => hex.match(/.{4}/g) ?? [])
      .map((glyph) => letters.get(font)?.[Number.parseInt(glyph, 16)])
      .join('');
  return pdfContents(pdf).map((content) =>
    [...content.matchAll(/\/(F\d+) [\d.]+ Tf\n\[(.*)\] TJ/g)].map(([, font = '', shown = '']) =>
      textOf(font, shown),
    ),
  );
};
