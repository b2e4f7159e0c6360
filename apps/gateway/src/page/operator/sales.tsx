import {
  Badge,
  type Column,
  Empty,
  Link,
  type Streamed,
  Table,
  Trouble,
  useReading,
  useStream,
} from '@ensemble/ui';
import { useEffect } from 'react';
import type { SalesView } from '../../schemas.ts';
import { addresses } from '../addresses.ts';
import { sectionName, useTexts } from '../texts.ts';

type Sold = SalesView['shows'][number];
type Counts = Pick<Sold, 'sold' | 'held' | 'free'>;

/** How full it is: the words beside it say the same. */
const Bar = ({ sold, held, free }: Counts) => (
  <svg className="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
    <rect className="s" width={(100 * sold) / (sold + held + free || 1)} height="4" />
    <rect
      className="h"
      x={(100 * sold) / (sold + held + free || 1)}
      width={(100 * held) / (sold + held + free || 1)}
      height="4"
    />
  </svg>
);

interface Row extends Counts {
  readonly name: string;
  readonly money: string;
}

const Show = ({ show }: { show: Sold }) => {
  const texts = useTexts().operator.sales;
  const { formats } = useReading();
  const { showId, title, venue, startsAt, sections } = show;
  const counted = (what: keyof Counts): Column<Row> => ({
    title: texts[what],
    cell: (row) => formats.count(row[what]),
    isNumber: true,
  });
  const columns: readonly Column<Row>[] = [
    { title: texts.section, cell: ({ name }) => name, isHead: true },
    counted('sold'),
    counted('held'),
    counted('free'),
    { title: texts.taken, cell: ({ money }) => money, isNumber: true },
  ];
  const rows: readonly Row[] = [
    ...sections.map(({ section, taken, ...each }) => ({
      ...each,
      name: sectionName(section),
      money: formats.money(taken),
    })),
    { ...show, name: texts.all, money: formats.list(show.taken.map(formats.money)) },
  ];
  return (
    <li className="panel">
      <h3>
        <Link to={addresses.show.to({ id: showId })}>{title}</Link>
      </h3>
      <p className="soft small">
        {venue} · {formats.appointment(Date.parse(startsAt))}
      </p>
      <Bar {...show} />
      <Table caption={title} columns={columns} rows={rows} keyOf={({ name }) => name} />
    </li>
  );
};

const Shown = ({ view, state, why }: Streamed<SalesView>) => {
  const texts = useTexts();
  if (view === undefined) {
    return why ? <Trouble refused={why} /> : <p aria-busy="true">{texts.operator.sales.coming}</p>;
  }
  return (
    <>
      {state === 'lost' && <Badge tone="warning">{texts.show.notLive}</Badge>}
      {view.shows.length === 0 && <Empty>{texts.shows.none}</Empty>}
      <ul className="sold-shows">
        {view.shows.map((show) => (
          <Show key={show.showId} show={show} />
        ))}
      </ul>
    </>
  );
};

/** How the shows sell, as it changes. */
export const Sales = ({ token, onRefused }: { token: string; onRefused: () => void }) => {
  const texts = useTexts().operator.sales;
  const streamed = useStream<SalesView>('/api/sales/live', { token });
  const isRefused = streamed.why?.code === 'operators-only';
  useEffect(() => {
    if (isRefused) onRefused();
  }, [isRefused, onRefused]);
  return (
    <section aria-labelledby="sales">
      <h2 id="sales">{texts.title}</h2>
      <Shown {...streamed} />
    </section>
  );
};
