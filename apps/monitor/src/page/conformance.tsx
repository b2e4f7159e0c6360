import {
  Answer,
  Badge,
  count,
  Empty,
  Link,
  Table,
  Title,
  useAddress,
  useAnswer,
  useNow,
  withQuery,
} from '@ensemble/ui';
import type { ConformanceView } from '../views.ts';
import { useLive } from './live.tsx';
import { toneOfVerdict } from './tones.ts';
import { verdictColumns } from './verdict-columns.tsx';

/** Where what is observed is not what the services declared. */
export const Conformance = () => {
  const now = useNow();
  const { query } = useAddress();
  const { view } = useLive();
  const found = useAnswer<ConformanceView>('/api/conformance', {
    version: view?.map.totals.verdicts,
  });
  const only = query.get('kind');
  return (
    <>
      <Title window="Conformance · Ensemble monitor">Conformance</Title>
      <Answer of={found}>
        {({ checked, verdicts }) => {
          const kinds = [...Map.groupBy(verdicts, ({ kind }) => kind)];
          const shown = verdicts.filter(({ kind }) => only === null || kind === only);
          return (
            <section className="panel" aria-label="Verdicts">
              <p>{`${count(checked)} bookings were held to what the services declare.`}</p>
              {kinds.length > 0 && (
                <ul className="choices" aria-label="Kinds of verdicts">
                  <li>
                    <Link to="/conformance" aria-current={only === null}>
                      {`all ${count(verdicts.length)}`}
                    </Link>
                  </li>
                  {kinds.map(([kind, each]) => (
                    <li key={kind}>
                      <Link to={withQuery('/conformance', { kind })} aria-current={only === kind}>
                        <Badge tone={toneOfVerdict[kind]}>{kind}</Badge> {count(each.length)}
                      </Link>
                    </li>
                  ))}
                </ul>
              )}
              {shown.length === 0 ? (
                <Empty>All of it is as declared.</Empty>
              ) : (
                <Table
                  caption="Verdicts that stand, newest first"
                  columns={verdictColumns(now)}
                  rows={shown}
                  keyOf={({ kind, at, sentence }) => `${at} ${kind} ${sentence}`}
                />
              )}
            </section>
          );
        }}
      </Answer>
    </>
  );
};
