import {
  ask,
  Badge,
  type Column,
  count,
  Empty,
  Field,
  plural,
  rate,
  Refused,
  Table,
  Title,
  Trouble,
} from '@ensemble/ui';
import { useState } from 'react';
import type { WhatIfView } from '../views.ts';

/** What a service puts on the topic `flow`, for one that does not exist. */
const example = {
  service: 'loyalty',
  version: 1,
  hears: ['payment.received', 'payment.refunded'],
  says: [],
  reactions: [{ to: 'payment.received', by: 'event', says: [] }],
  toDos: [{ name: 'credit', kind: 'effect' }],
  reads: [],
  promises: [],
};

type Available = WhatIfView['available'][number];
const columns: readonly Column<Available>[] = [
  { title: 'Event', cell: ({ event }) => event, isHead: true },
  { title: 'From', cell: ({ from }) => from },
  { title: 'Data', cell: ({ fields }) => fields.join(', ') },
  {
    title: 'Personal data',
    cell: ({ personal }) =>
      personal.length === 0 ? 'none' : <Badge tone="warning">{personal.join(', ')}</Badge>,
  },
];

const Outcome = ({ view }: { view: WhatIfView }) => (
  <section className="panel" aria-label="What would be">
    <h2>{`What would be with ${view.service}`}</h2>
    <dl className="figures">
      <div>
        <dt>It would hear</dt>
        <dd>{rate(view.load.rate)}</dd>
      </div>
      <div>
        <dt>From the beginning</dt>
        <dd>{plural(view.load.history, 'record')}</dd>
      </div>
      <div>
        <dt>At most at once</dt>
        <dd>{plural(view.partitions, 'member')}</dd>
      </div>
      <div>
        <dt>New cycles</dt>
        <dd>{count(view.cycles.length)}</dd>
      </div>
    </dl>
    {view.missing.map((event) => (
      <p key={event}>
        <Badge tone="bad">nobody says it</Badge> {event}
      </p>
    ))}
    {view.cycles.map((cycle) => (
      <p key={cycle.join()}>
        <Badge tone="warning">cycle</Badge> {cycle.join(' → ')}
      </p>
    ))}
    {view.warnings.map((warning) => (
      <p key={warning}>
        <Badge tone="warning">mind</Badge> {warning}
      </p>
    ))}
    {view.available.length === 0 ? (
      <Empty>It would hear nothing.</Empty>
    ) : (
      <Table
        caption="What it would be told"
        columns={columns}
        rows={view.available}
        keyOf={({ event, from }) => `${event} ${from}`}
      />
    )}
  </section>
);

/** What would be if a service with this table were started. Nothing is started, nothing is said. */
export const WhatIf = () => {
  const [table, setTable] = useState(() => JSON.stringify(example, null, 2));
  const [view, setView] = useState<WhatIfView>();
  const [refused, setRefused] = useState<Refused>();
  const [isAsking, setIsAsking] = useState(false);

  const find = async (): Promise<void> => {
    setIsAsking(true);
    setRefused(undefined);
    try {
      const body: unknown = JSON.parse(table);
      setView(await ask<WhatIfView>('/api/what-if', { method: 'POST', body }));
    } catch (error) {
      setView(undefined);
      if (error instanceof Refused) setRefused(error);
      else if (error instanceof SyntaxError) {
        setRefused(new Refused(0, 'The table is not JSON.', { detail: error.message }));
      } else throw error;
    } finally {
      setIsAsking(false);
    }
  };

  return (
    <>
      <Title window="What if · Ensemble monitor">What if there were another subscriber?</Title>
      <form
        className="panel form"
        aria-label="A subscriber’s table"
        onSubmit={(event) => {
          event.preventDefault();
          void find();
        }}
      >
        <Field
          label="Its table, as JSON"
          hint="As services put it on the topic flow: what it hears, says, promises and does."
        >
          {(field) => (
            <textarea
              {...field}
              rows={14}
              spellCheck={false}
              value={table}
              onChange={({ target }) => setTable(target.value)}
            />
          )}
        </Field>
        <div>
          <button type="submit" className="primary" disabled={isAsking}>
            Find out
          </button>
        </div>
      </form>
      <div aria-live="polite">
        {refused && <Trouble refused={refused} />}
        {view && <Outcome view={view} />}
      </div>
    </>
  );
};
