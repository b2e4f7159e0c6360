import { Badge, count, Link, plural, withQuery } from '@ensemble/ui';
import type { ReactNode } from 'react';
import type { MapView } from '../../views.ts';
import { Sums } from '../sums.tsx';
import { toneOfState } from '../tones.ts';

const Figure = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

/** Of how many bookings the spans tell the same flow as the log. */
const proof = ({ proven }: MapView['totals']): string => {
  if (proven === null || proven.checked === 0) return 'none checked yet';
  return `${count(proven.equal)} of ${count(proven.checked)}`;
};

/** Everything in a few figures. */
export const Totals = ({ map: { totals } }: { map: MapView }) => (
  <section className="panel" aria-label="In all">
    <dl className="figures">
      <Figure name="Bookings">{count(totals.bookings)}</Figure>
      <Figure name="Per minute">{count(totals.rate)}</Figure>
      <Figure name="Stuck">
        <Link to="/stuck">
          {totals.stuck === 0 ? 'none' : <Badge tone="bad">{count(totals.stuck)}</Badge>}
        </Link>
      </Figure>
      <Figure name="Verdicts">
        <Link to="/conformance">
          {totals.verdicts === 0 ? 'none' : <Badge tone="warning">{count(totals.verdicts)}</Badge>}
        </Link>
      </Figure>
      <Figure name="Spans tell the log’s flow">{proof(totals)}</Figure>
      <Figure name="Spans">
        {totals.spans.dropped === 0
          ? `${count(totals.spans.kept)}, none lost`
          : `${count(totals.spans.kept)}, ${count(totals.spans.dropped)} lost`}
      </Figure>
      <Figure name="Ledger">
        {totals.behind === 0 ? 'has everything' : `is ${plural(totals.behind, 'record')} behind`}
      </Figure>
    </dl>
    <ul className="states" aria-label="Bookings by state, and the money that waits">
      {Object.entries(totals.byState).map(([state, bookings]) => (
        <li key={state}>
          <Link to={withQuery('/bookings', { state })}>
            <Badge tone={toneOfState(state)}>{state}</Badge>
          </Link>{' '}
          {count(bookings)}
          {totals.waiting[state] && (
            <span className="soft">
              {' · '}
              <Sums of={totals.waiting[state]} /> waiting
            </span>
          )}
        </li>
      ))}
    </ul>
  </section>
);
