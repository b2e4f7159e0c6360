import {
  Answer,
  type Column,
  Empty,
  Link,
  Moment,
  Table,
  Title,
  useAnswer,
  useNow,
  withQuery,
} from '@ensemble/ui';
import type { AuditView } from '../views.ts';
import { useFilters } from './filters.tsx';

type Entry = AuditView['entries'][number];

const columns = (now: number): readonly Column<Entry>[] => [
  { title: 'When', cell: ({ at }) => <Moment at={at} now={now} />, isHead: true },
  { title: 'Who', cell: ({ who }) => who },
  { title: 'What', cell: ({ what }) => what },
  { title: 'About', cell: ({ about }) => <code>{about}</code> },
  { title: 'Why', cell: ({ why }) => why },
];

/** Who changed what, and why. */
export const Audit = () => {
  const now = useNow();
  const asked = useFilters('before');
  const found = useAnswer<AuditView>(withQuery('/api/audit', asked));
  return (
    <>
      <Title window="Audit · Ensemble monitor">Audit</Title>
      <Answer of={found}>
        {({ entries, next }) => (
          <section className="panel" aria-label="Changes">
            {entries.length === 0 ? (
              <Empty>Nobody has changed anything.</Empty>
            ) : (
              <Table
                caption="Who changed what and why, newest first"
                columns={columns(now)}
                rows={entries}
                keyOf={({ at, who, what, about }) => `${at} ${who} ${what} ${about}`}
              />
            )}
            {next !== null && <Link to={withQuery('/audit', { before: next })}>Older ones</Link>}
          </section>
        )}
      </Answer>
    </>
  );
};
