import {
  Answer,
  Badge,
  Link,
  money,
  Moment,
  plural,
  Table,
  Title,
  useAnswer,
  useNow,
  withQuery,
} from '@ensemble/ui';
import type { StoryView } from '../../views.ts';
import { useLive } from '../live.tsx';
import { TimeSlider } from '../time-slider.tsx';
import { toneOfState } from '../tones.ts';
import { useAsOf } from '../use-as-of.ts';
import { verdictColumns } from '../verdict-columns.tsx';
import { Expectations } from './expectations.tsx';
import { CriticalPath } from './critical-path.tsx';
import { Records } from './records.tsx';
import { Steps } from './steps.tsx';
import { Traces } from './traces.tsx';

/** How often a story is asked for again while it is looked at, in milliseconds. */
const everyMs = 2_000;

const Head = ({ story: { booking, waitsFor } }: { story: StoryView }) => {
  const now = useNow();
  return (
    <section className="panel" aria-label="The booking">
      <div className="row">
        <Badge tone={toneOfState(booking.state)}>{booking.state}</Badge>
        {booking.isStuck && <Badge tone="bad">stuck</Badge>}
        {booking.verdicts > 0 && (
          <Badge tone="warning">{plural(booking.verdicts, 'verdict')}</Badge>
        )}
        <span>{booking.place}</span>
        <span>{booking.seats.join(', ')}</span>
        {booking.total && <strong>{money(booking.total)}</strong>}
        <span className="soft">
          since <Moment at={booking.startedAt} now={now} />
        </span>
      </div>
      {waitsFor !== null && (
        <p className={booking.isStuck ? 'waits overdue' : 'waits'}>{waitsFor}</p>
      )}
    </section>
  );
};

/** All that is known of a booking: what happened, why it waits, and the proof. */
export const Story = ({ id }: { id: string }) => {
  const [at, look] = useAsOf();
  const now = useNow();
  const { view } = useLive();
  const path = `/api/bookings/${encodeURIComponent(id)}`;
  const tick = at === null ? Math.floor((view?.map.at ?? 0) / everyMs) : 0;
  const present = useAnswer<StoryView>(path, { version: tick });
  const past = useAnswer<StoryView>(at === null ? null : withQuery(path, { at: String(at) }));
  const found = at === null ? present : past;
  const moments = [...new Set(present.answer?.steps.map((step) => step.at))].toSorted(
    (a, b) => a - b,
  );

  return (
    <>
      <div className="row apart">
        <div>
          <p className="small">
            <Link to="/bookings">Bookings</Link>
          </p>
          <Title window={`Booking ${id.slice(0, 8)} · Ensemble monitor`}>
            Booking <code>{id}</code>
          </Title>
        </div>
        {moments.length > 1 && (
          <TimeSlider
            at={at}
            from={moments[0] ?? 0}
            to={moments.at(-1) ?? 0}
            moments={moments}
            onChange={look}
          />
        )}
      </div>
      <Answer of={found}>
        {(story) => (
          <>
            <Head story={story} />
            <Expectations of={story.expectations} />
            <Steps steps={story.steps} />
            {story.verdicts.length > 0 && (
              <section className="panel" aria-labelledby="verdicts">
                <h2 id="verdicts">What is not as declared</h2>
                <Table
                  caption="Verdicts on this booking"
                  columns={verdictColumns(now)}
                  rows={story.verdicts}
                  keyOf={({ kind, sentence, at: when }) => `${when} ${kind} ${sentence}`}
                />
              </section>
            )}
            <CriticalPath hops={story.criticalPath} />
            <Traces story={story} />
            <Records records={story.records} path={path} />
          </>
        )}
      </Answer>
    </>
  );
};
