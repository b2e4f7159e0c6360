import {
  Answer,
  Badge,
  type Column,
  count,
  Distance,
  Empty,
  Field,
  go,
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
import { useRef } from 'react';
import type { BookingRow, BookingsView } from '../views.ts';
import { addresses } from './addresses.ts';
import { useLive } from './live.tsx';
import { toneOfState } from './tones.ts';

/** What a list may be narrowed by, as the address and the API call it. */
const filters = [
  ['q', 'Booking, place or seat'],
  ['state', 'State'],
  ['service', 'Service'],
  ['type', 'Event'],
] as const;
const others = ['from', 'to', 'before'] as const;

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
  const form = useRef<HTMLFormElement>(null);
  const { view } = useLive();
  const asked = Object.fromEntries(
    [...filters.map(([name]) => name), ...others].map((name) => [
      name,
      query.get(name) ?? undefined,
    ]),
  );
  const found = useAnswer<BookingsView>(withQuery('/api/bookings', asked));
  const states = Object.keys(view?.map.totals.byState ?? {});
  const options: Readonly<Record<string, readonly string[]>> = {
    state: states,
    service: view?.map.services.map(({ name }) => name) ?? [],
    type: [...new Set(view?.map.edges.map(({ event }) => event))],
  };

  const narrow = (): void => {
    if (form.current === null) return;
    const given = new FormData(form.current);
    const words = filters.map(([name]) => {
      const word = given.get(name);
      return [name, typeof word === 'string' ? word.trim() : ''] as const;
    });
    go(withQuery('/bookings', Object.fromEntries(words)));
  };

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
      <search>
        <form
          ref={form}
          className="panel filters"
          key={query.toString()}
          onSubmit={(event) => {
            event.preventDefault();
            narrow();
          }}
        >
          {filters.map(([name, label]) => (
            <Field key={name} label={label}>
              {(ids) => (
                <>
                  <input
                    {...ids}
                    name={name}
                    type="search"
                    defaultValue={query.get(name) ?? ''}
                    list={options[name] ? `known-${name}` : undefined}
                    autoComplete="off"
                    spellCheck={false}
                  />
                  {options[name] && (
                    <datalist id={`known-${name}`}>
                      {options[name].map((each) => (
                        <option key={each}>{each}</option>
                      ))}
                    </datalist>
                  )}
                </>
              )}
            </Field>
          ))}
          <div className="row">
            <button type="submit" className="primary">
              Find
            </button>
            {query.size > 0 && (
              <button type="button" onClick={() => go('/bookings')}>
                All bookings
              </button>
            )}
          </div>
        </form>
      </search>
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
