import { Badge, duration, fullMoment } from '@ensemble/ui';
import type { StepView } from '../../views.ts';
import { toneOfStep } from '../tones.ts';
import { hopRows } from './rows.ts';
import { Waterfall } from './waterfall.tsx';

const kinds: Readonly<Record<StepView['kind'], string>> = {
  said: 'said',
  heard: 'heard',
  did: 'did',
  failed: 'failed',
  waits: 'waits',
  dead: 'dead letter',
  parked: 'parked',
};

const spent = ({ publishMs, waitMs, workMs }: StepView): string =>
  [
    publishMs === undefined ? undefined : `published in ${duration(publishMs)}`,
    waitMs === undefined ? undefined : `waited ${duration(waitMs)}`,
    workMs === undefined ? undefined : `worked ${duration(workMs)}`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');

/** What happened, as a picture and in sentences. */
export const Steps = ({ steps }: { steps: readonly StepView[] }) => {
  const first = steps[0]?.at ?? 0;
  const rows = hopRows(steps);
  return (
    <section className="panel" aria-labelledby="steps">
      <h2 id="steps">What happened</h2>
      <Waterfall
        title={`${rows.length} hops of the booking over time; the list below tells the same`}
        rows={rows}
      />
      <p className="small soft legend">
        <span>
          <i className="key publish" /> on its way to the log
        </span>
        <span>
          <i className="key wait" /> waiting in the log
        </span>
        <span>
          <i className="key work" /> worked on
        </span>
        <span>Arrows lead from a cause to what came of it; shaded stretches are shortened.</span>
      </p>
      <ol className="steps">
        {steps.map((step, index) => (
          // Steps are only ever added: their place in the list is theirs.
          <li key={index}>
            <time dateTime={new Date(step.at).toISOString()} title={fullMoment(step.at)}>
              {step.at === first ? '0' : `+${duration(step.at - first)}`}
            </time>
            <Badge tone={toneOfStep[step.kind]}>{kinds[step.kind]}</Badge>
            <span>
              {step.sentence} <span className="soft small">{spent(step)}</span>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
};
