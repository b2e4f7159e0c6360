import {
  Answer,
  Badge,
  Distance,
  Empty,
  Link,
  Moment,
  Title,
  useAnswer,
  useNow,
} from '@ensemble/ui';
import type { InsightsView } from '../views.ts';
import { addresses } from './addresses.ts';
import { useLive } from './live.tsx';

/** What the rules over many bookings found, each with its evidence. */
export const Insights = () => {
  const now = useNow();
  const { view } = useLive();
  const found = useAnswer<InsightsView>('/api/insights', { version: view?.insights });
  return (
    <>
      <Title window="Insights · Ensemble monitor">Insights</Title>
      <Answer of={found}>
        {({ insights }) =>
          insights.length === 0 ? (
            <Empty>No rule has found anything.</Empty>
          ) : (
            <>
              {insights.map(({ rule, sentence, since, endedAt, bookings }) => (
                <section className="panel" key={`${rule} ${since} ${sentence}`} aria-label={rule}>
                  <div className="row apart">
                    <h2>{rule}</h2>
                    {endedAt === null ? (
                      <Badge tone="warning">
                        open, since <Distance at={since} now={now} />
                      </Badge>
                    ) : (
                      <Badge>
                        <Moment at={since} now={now} /> to <Moment at={endedAt} now={now} />
                      </Badge>
                    )}
                  </div>
                  <p>{sentence}</p>
                  <ul className="choices" aria-label="Evidence">
                    {bookings.map((id) => (
                      <li key={id}>
                        <Link to={addresses.story.to({ id })}>
                          <code>{id.slice(0, 12)}</code>
                        </Link>
                      </li>
                    ))}
                  </ul>
                </section>
              ))}
            </>
          )
        }
      </Answer>
    </>
  );
};
