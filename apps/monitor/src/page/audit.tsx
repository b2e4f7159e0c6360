import { Answer, type Column, Empty, Moment, Table, Title, useAnswer, useNow } from '@ensemble/ui';
import type { AuditView } from '../views.ts';

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
  const found = useAnswer<AuditView>('/api/audit');
  return (
    <>
      <Title window="Audit · Ensemble monitor">Audit</Title>
      <Answer of={found}>
        {({ entries }) => (
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
          </section>
        )}
      </Answer>
    </>
  );
};
