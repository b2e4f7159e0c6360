import {
  Answer,
  Badge,
  type Column,
  count,
  Distance,
  Empty,
  Link,
  money,
  Moment,
  plural,
  Table,
  Title,
  useAddress,
  useAnswer,
  useNow,
  withQuery,
} from '@ensemble/ui';
import type { BookingRow, BookingsView } from '../views.ts';
import { addresses } from './addresses.ts';
import { type Filter, Filters, useFilters } from './filters.tsx';
import { useLive } from './live.tsx';
import { toneOfState } from './tones.ts';

export const bookingColumns = (now: number): readonly Column<BookingRow>[] => [
  {
    title: 'Booking',
    cell: ({ bookingId }) => (
      <Link to={addresses.story.to({ id: bookingId })}>
        <code>{bookingId.slice(0, 12)}</code>
        <span className="unseen">{bookingId.slice(12)}</span>
      </Link>
    ),
    isHead: true,
  },
  {
    title: 'State',
    cell: ({ state, isStuck, verdicts }) => (
      <span className="row">
        <Badge tone={toneOfState(state)}>{state}</Badge>
        {isStuck && <Badge tone="bad">stuck</Badge>}
        {verdicts > 0 && <Badge tone="warning">{plural(verdicts, 'verdict')}</Badge>}
      </span>
    ),
  },
  { title: 'Place', cell: ({ place }) => place },
  { title: 'Seats', cell: ({ seats }) => seats.join(', ') },
  { title: 'Total', cell: ({ total }) => (total ? money(total) : '–'), isNumber: true },
  {
    title: 'Started',
    cell: ({ startedAt }) => <Moment at={startedAt} now={now} />,
    isNumber: true,
  },
  {
    title: 'Newest event',
    cell: ({ lastEvent, lastAt }) => (
      <>
        {lastEvent}, <Distance at={lastAt} now={now} />
      </>
    ),
  },
];

/** The bookings, newest first, narrowed by what the address says. */
export const Bookings = () => {
  const { query } = useAddress();
  const now = useNow();
  const { view } = useLive();
  const asked = useFilters('q', 'state', 'service', 'type', 'from', 'to', 'before');
  const found = useAnswer<BookingsView>(withQuery('/api/bookings', asked));
  const filters: readonly Filter[] = [
    { name: 'q', label: 'Booking, place or seat' },
    { name: 'state', label: 'State', known: Object.keys(view?.map.totals.byState ?? {}) },
    { name: 'service', label: 'Service', known: view?.map.services.map(({ name }) => name) ?? [] },
    {
      name: 'type',
      label: 'Event',
      known: [...new Set(view?.map.edges.map(({ event }) => event))],
    },
  ];

  return (
    <>
      <div className="row apart">
        <Title window="Bookings · Ensemble monitor">Bookings</Title>
        <span className="row soft small">
          {found.at !== undefined && (
            <span>
              as of <Moment at={found.at} now={now} />
            </span>
          )}
          <button type="button" onClick={found.again}>
            Refresh
          </button>
        </span>
      </div>
      <Filters path="/bookings" filters={filters} all="All bookings" />
      <Answer of={found}>
        {({ bookings, next }) => (
          <section className="panel" aria-busy={found.isAsking} aria-label="Found">
            {bookings.length === 0 ? (
              <Empty>No booking is like this.</Empty>
            ) : (
              <Table
                caption="Bookings, newest first"
                columns={bookingColumns(now)}
                rows={bookings}
                keyOf={({ bookingId }) => bookingId}
              />
            )}
            <div className="row apart small soft">
              <span>{`${plural(bookings.length, 'booking')} shown${
                view && query.size === 0 ? ` of ${count(view.map.totals.bookings)}` : ''
              }`}</span>
              {next !== null && (
                <Link to={withQuery('/bookings', { ...asked, before: next })}>Older ones</Link>
              )}
            </div>
          </section>
        )}
      </Answer>
    </>
  );
};
