import { Badge, type Column, Link, Moment } from '@ensemble/ui';
import type { VerdictView } from '../views.ts';
import { addresses } from './addresses.ts';
import { toneOfVerdict } from './tones.ts';

/** What is told of a verdict. */
export const verdictColumns = (now: number): readonly Column<VerdictView>[] => [
  {
    title: 'Verdict',
    cell: ({ kind }) => <Badge tone={toneOfVerdict[kind]}>{kind}</Badge>,
    isHead: true,
  },
  { title: 'What is so', cell: ({ sentence }) => sentence },
  { title: 'Service', cell: ({ service }) => service ?? '–' },
  { title: 'Event', cell: ({ event }) => event ?? '–' },
  {
    title: 'Booking',
    cell: ({ bookingId }) =>
      bookingId ? (
        <Link to={addresses.story.to({ id: bookingId })}>
          <code>{bookingId.slice(0, 12)}</code>
        </Link>
      ) : (
        '–'
      ),
  },
  { title: 'Since', cell: ({ at }) => <Moment at={at} now={now} />, isNumber: true },
];
