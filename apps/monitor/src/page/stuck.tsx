import {
  Answer,
  Badge,
  type Column,
  Distance,
  Empty,
  Link,
  list,
  money,
  plural,
  Table,
  Title,
  useAnswer,
  useNow,
} from '@ensemble/ui';
import { useState } from 'react';
import type { StuckGroup, StuckView } from '../views.ts';
import { addresses } from './addresses.ts';
import { useLive } from './live.tsx';
import { Sums } from './sums.tsx';
import { toneOfSuspect } from './tones.ts';

type StuckBooking = StuckGroup['bookings'][number];
const shownAtFirst = 10;

const columns = (now: number): readonly Column<StuckBooking>[] => [
  {
    title: 'Booking',
    cell: ({ bookingId }) => (
      <Link to={addresses.story.to({ id: bookingId })}>
        <code>{bookingId.slice(0, 12)}</code>
      </Link>
    ),
    isHead: true,
  },
  { title: 'Waits since', cell: ({ since }) => <Distance at={since} now={now} /> },
  { title: 'Overdue since', cell: ({ overdueSince }) => <Distance at={overdueSince} now={now} /> },
  { title: 'Total', cell: ({ total }) => (total ? money(total) : '–'), isNumber: true },
];

const Group = ({ group }: { group: StuckGroup }) => {
  const now = useNow();
  const [isWhole, setIsWhole] = useState(false);
  const { owner, on, oneOf, suspect, evidence, bookings } = group;
  const shown = isWhole ? bookings : bookings.slice(0, shownAtFirst);
  return (
    <section className="panel" aria-label={`${owner} after ${on}: ${suspect}`}>
      <div className="row apart">
        <h2>{`${owner} owes ${list(oneOf, 'or')} after ${on}`}</h2>
        <Badge tone={toneOfSuspect[suspect]}>{`suspect: ${suspect}`}</Badge>
      </div>
      <p>{evidence}</p>
      <p className="soft">
        {plural(bookings.length, 'booking')}, <Sums of={group.money} /> waiting
      </p>
      <Table
        caption={`Bookings that ${owner} owes an answer`}
        columns={columns(now)}
        rows={shown}
        keyOf={({ bookingId }) => bookingId}
      />
      {shown.length < bookings.length && (
        <button type="button" onClick={() => setIsWhole(true)}>
          {`Show all ${plural(bookings.length, 'booking')}`}
        </button>
      )}
    </section>
  );
};

/** Every booking whose next answer is overdue: whose it is, and why it is suspected to be missing. */
export const Stuck = () => {
  const { view, state } = useLive();
  const isAsked = view === undefined && state === 'lost';
  const asked = useAnswer<StuckView>(isAsked ? '/api/stuck' : null);
  const live = { ...asked, answer: view?.stuck, refused: undefined, isAsking: true };
  return (
    <>
      <Title window="Stuck · Ensemble monitor">Stuck</Title>
      <Answer of={isAsked ? asked : live}>
        {({ groups }) =>
          groups.length === 0 ? (
            <Empty>No booking is stuck: every answer that is owed may still come in time.</Empty>
          ) : (
            <>
              {groups.map((group) => (
                <Group key={`${group.owner} ${group.on} ${group.suspect}`} group={group} />
              ))}
            </>
          )
        }
      </Answer>
    </>
  );
};
