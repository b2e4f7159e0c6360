import {
  Answer,
  Badge,
  type Column,
  count,
  duration,
  Empty,
  go,
  hourAndMinute,
  Link,
  percent,
  Table,
  Title,
  useAddress,
  useAnswer,
  withQuery,
} from '@ensemble/ui';
import { useState } from 'react';
import type { AnalyticsView } from '../views.ts';
import { addresses } from './addresses.ts';
import { RatesChart } from './rates-chart.tsx';
import { toneOfState } from './tones.ts';

type Of<Part extends 'steps' | 'outcomes' | 'variants' | 'critical' | 'rates'> =
  AnalyticsView[Part][number];

const steps: readonly Column<Of<'steps'>>[] = [
  { title: 'From', cell: ({ from }) => from, isHead: true },
  { title: 'To', cell: ({ to }) => to },
  { title: 'Times', cell: (step) => count(step.count), isNumber: true },
  { title: 'p50', cell: ({ p50 }) => duration(p50), isNumber: true },
  { title: 'p90', cell: ({ p90 }) => duration(p90), isNumber: true },
  { title: 'p99', cell: ({ p99 }) => duration(p99), isNumber: true },
];
const outcomes: readonly Column<Of<'outcomes'>>[] = [
  {
    title: 'State',
    cell: ({ state }) => <Badge tone={toneOfState(state)}>{state}</Badge>,
    isHead: true,
  },
  { title: 'Bookings', cell: (outcome) => count(outcome.count), isNumber: true },
  { title: 'p50', cell: ({ p50 }) => duration(p50), isNumber: true },
  { title: 'p99', cell: ({ p99 }) => duration(p99), isNumber: true },
];
const variants: readonly Column<Of<'variants'>>[] = [
  { title: 'Path', cell: ({ path }) => path.join(' → '), isHead: true },
  { title: 'Bookings', cell: (variant) => count(variant.count), isNumber: true },
  { title: 'p50', cell: ({ p50 }) => duration(p50), isNumber: true },
  {
    title: 'Example',
    cell: ({ example }) => (
      <Link to={addresses.story.to({ id: example })}>
        <code>{example.slice(0, 12)}</code>
      </Link>
    ),
  },
];
const critical: readonly Column<Of<'critical'>>[] = [
  { title: 'Event', cell: ({ event }) => event, isHead: true },
  { title: 'From', cell: ({ from }) => from },
  { title: 'To', cell: ({ to }) => to },
  { title: 'On critical paths', cell: (hop) => count(hop.count), isNumber: true },
  {
    title: 'Share of the time',
    cell: ({ share }) => percent(share),
    isNumber: true,
  },
];
const rates: readonly Column<Of<'rates'>>[] = [
  { title: 'Minute', cell: ({ at }) => hourAndMinute(at), isHead: true },
  { title: 'Started', cell: ({ started }) => count(started), isNumber: true },
  { title: 'Ended', cell: ({ ended }) => count(ended), isNumber: true },
  { title: 'Failed', cell: ({ failed }) => count(failed), isNumber: true },
];

const hourMs = 3_600_000;
const windows = { hour: hourMs, 'six hours': 6 * hourMs, day: 24 * hourMs, week: 168 * hourMs };
const nameOf = (asked: string | null): keyof typeof windows =>
  asked === 'six hours' || asked === 'day' || asked === 'week' ? asked : 'hour';

const Part = <Row,>({
  title,
  columns,
  rows,
  keyOf,
}: {
  title: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
}) => (
  <section className="panel" aria-label={title}>
    <h2>{title}</h2>
    {rows.length === 0 ? (
      <Empty>Nothing in this time.</Empty>
    ) : (
      <Table caption={title} columns={columns} rows={rows} keyOf={keyOf} />
    )}
  </section>
);

/** How long things take, which ways bookings go, and where the time is spent. */
export const Analytics = () => {
  const { query } = useAddress();
  const name = nameOf(query.get('last'));
  const [asOf, setAsOf] = useState(Date.now);
  const found = useAnswer<AnalyticsView>(
    withQuery('/api/analytics', { from: String(asOf - windows[name]), to: String(asOf) }),
  );
  return (
    <>
      <div className="row apart">
        <Title window="Analytics · Ensemble monitor">Analytics</Title>
        <div className="row">
          <label className="small soft">
            The last{' '}
            <select
              value={name}
              onChange={({ target }) => go(withQuery('/analytics', { last: target.value }))}
            >
              {Object.keys(windows).map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          </label>
          <span className="small soft">{`up to ${hourAndMinute(asOf)}`}</span>
          <button type="button" onClick={() => setAsOf(Date.now())}>
            Refresh
          </button>
        </div>
      </div>
      <Answer of={found}>
        {(view) => (
          <>
            <section className="panel" aria-label="Bookings a minute">
              <h2>Bookings a minute</h2>
              <RatesChart rates={view.rates} />
              <details>
                <summary>As a table</summary>
                <Table
                  caption="Bookings a minute"
                  columns={rates}
                  rows={view.rates}
                  keyOf={({ at }) => String(at)}
                />
              </details>
            </section>
            <div className="columns">
              <Part
                title="How they ended"
                columns={outcomes}
                rows={view.outcomes}
                keyOf={({ state }) => state}
              />
              <Part
                title="Where the time goes"
                columns={critical}
                rows={view.critical}
                keyOf={({ from, event, to }) => `${from} ${event} ${to}`}
              />
            </div>
            <Part
              title="From event to event"
              columns={steps}
              rows={view.steps}
              keyOf={({ from, to }) => `${from} ${to}`}
            />
            <Part
              title="The ways they went"
              columns={variants}
              rows={view.variants}
              keyOf={({ path }) => path.join()}
            />
          </>
        )}
      </Answer>
    </>
  );
};
