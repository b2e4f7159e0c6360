import { z } from 'zod';
import { defineEvent } from './define.ts';
import { money, ofSection, rowOfSeats, showDescription } from './values.ts';

export const sectionOpened = defineEvent('section.opened', {
  meaning: 'One section of a show is on sale, with these rows at this price a seat.',
  pattern: 'state-transfer',
  data: {
    ...ofSection,
    show: showDescription,
    rows: z.array(rowOfSeats).min(1).max(100),
    price: money,
  },
  example: {
    showId: 'hamlet',
    section: 'stalls',
    show: { title: 'Hamlet', venue: 'Globe', startsAt: '2027-03-01T19:30:00.000Z' },
    rows: [
      { row: 'A', from: 1, to: 20 },
      { row: 'B', from: 1, to: 20 },
    ],
    price: { amount: 4500, currency: 'EUR' },
  },
});
