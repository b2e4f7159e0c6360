import { Badge, type Column, Distance, list, Moment, Table, useNow } from '@ensemble/ui';
import type { ExpectationView } from '../../views.ts';

const columns = (now: number): readonly Column<ExpectationView>[] => [
  { title: 'Who', cell: ({ service }) => service, isHead: true },
  { title: 'Owes', cell: ({ oneOf }) => list(oneOf, 'or') },
  {
    title: 'Since',
    cell: ({ on, since }) => (
      <>
        {on}, <Moment at={since} now={now} />
      </>
    ),
  },
  {
    title: 'Due',
    cell: ({ dueAt }) => (
      <Badge tone={dueAt < now ? 'bad' : 'notice'}>
        {dueAt < now ? 'was due ' : ''}
        <Distance at={dueAt} now={now} />
      </Badge>
    ),
  },
];

/** Who owes an answer, and until when. */
export const Expectations = ({ of }: { of: readonly ExpectationView[] }) => {
  const now = useNow();
  if (of.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="expectations">
      <h2 id="expectations">What is awaited</h2>
      <Table
        caption="Answers that are owed"
        columns={columns(now)}
        rows={of}
        keyOf={({ service, on, since, oneOf }) => `${service} ${on} ${since} ${oneOf.join()}`}
      />
    </section>
  );
};
