import type { ShowRequest } from '../../schemas.ts';
import type { Section } from '../map/house.ts';

/** A section as it is typed: rows of so many seats each. */
export interface PlannedSection {
  readonly name: string;
  /** In the currency's main unit: `45`, `45.50`. */
  readonly price: string;
  readonly rows: number;
  readonly seats: number;
}

/** A show as it is typed. */
export interface Plan {
  readonly title: string;
  readonly venue: string;
  /** In the time zone of the reader, as an input of type `datetime-local` has it. */
  readonly startsAt: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly sections: readonly PlannedSection[];
}

/** A name for addresses: what is not a letter or digit of English becomes a dash. */
export const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');

/** The name of a row, from the front on: A to Z, AA to ZZ. */
export const rowName = (index: number): string => {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : rowName(Math.floor(index / 26) - 1) + letter;
};

/** Whether an amount can be written: it may still be being typed. */
export const isMoney = ({ amount, currency }: Section['price']): boolean =>
  Number.isFinite(amount) && /^[A-Z]{3}$/.test(currency);

const digitsOf = (currency: string): number => {
  if (!isMoney({ amount: 0, currency })) return 2;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
};

/** What is sent for a plan. What it lacks, the server names. */
export const requestOf = ({ title, venue, startsAt, currency, sections }: Plan): ShowRequest => {
  const at = new Date(startsAt);
  const day = startsAt.slice(0, 10);
  const units = 10 ** digitsOf(currency);
  return {
    showId: slugOf(`${title} ${day}`),
    title: title.trim(),
    venue: venue.trim(),
    startsAt: Number.isNaN(at.getTime()) ? '' : at.toISOString(),
    sections: sections.map(({ name, price, rows, seats }) => ({
      section: slugOf(name),
      price: { amount: Math.round(Number(price.replace(',', '.')) * units), currency },
      rows: Array.from({ length: rows }, (_, index) => ({
        row: rowName(index),
        from: 1,
        to: seats,
      })),
    })),
  };
};

type Parsed = { readonly request: ShowRequest } | { readonly wrong: 'not-json' | 'not-a-show' };

const isRow = (row: unknown): boolean =>
  typeof row === 'object' &&
  row !== null &&
  'row' in row &&
  typeof row.row === 'string' &&
  'from' in row &&
  typeof row.from === 'number' &&
  'to' in row &&
  typeof row.to === 'number';

const isSection = (section: unknown): boolean =>
  typeof section === 'object' &&
  section !== null &&
  'section' in section &&
  typeof section.section === 'string' &&
  'price' in section &&
  typeof section.price === 'object' &&
  'rows' in section &&
  Array.isArray(section.rows) &&
  section.rows.every(isRow);

const isShow = (value: unknown): value is ShowRequest =>
  typeof value === 'object' &&
  value !== null &&
  'title' in value &&
  'sections' in value &&
  Array.isArray(value.sections) &&
  value.sections.every(isSection);

/** A show from a file: as far as it can be drawn. Whether it can be opened, the server says. */
export const parseShow = (text: string): Parsed => {
  try {
    const value: unknown = JSON.parse(text);
    return isShow(value) ? { request: value } : { wrong: 'not-a-show' };
  } catch {
    return { wrong: 'not-json' };
  }
};

/** No more than these are drawn of what somebody has typed. */
const seatsAtMost = 50_000;

/** The sections of a show that is not open yet, to be drawn: every seat is free. */
export const previewOf = ({ sections }: ShowRequest): readonly Section[] => {
  let left = seatsAtMost;
  return sections.map(({ section, price, rows }) => {
    const drawn = rows.flatMap(({ row, from, to }) => {
      const length = Math.max(0, Math.min(to - from + 1, left));
      left -= length;
      return length === 0 ? [] : [{ row, from, seats: 'f'.repeat(length) }];
    });
    const free = drawn.reduce((sum, { seats }) => sum + seats.length, 0);
    return { section, price, free, rows: drawn };
  });
};
