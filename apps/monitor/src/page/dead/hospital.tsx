import {
  Answer,
  Empty,
  go,
  Link,
  plural,
  Title,
  useAddress,
  useAnswer,
  withQuery,
} from '@ensemble/ui';
import { useState } from 'react';
import type { DeadView } from '../../views.ts';
import { Filters, useFilters } from '../filters.tsx';
import { useLive } from '../live.tsx';
import { type Act, Decide } from './decide.tsx';
import { Letter } from './letter.tsx';
import { Letters } from './letters.tsx';

/** What is to be done with which letters, while the operator says why. */
interface Decision {
  readonly act: Act;
  readonly ids: readonly string[];
}

/** The dead letters: looked at, compared with what was expected, given back or given up. */
export const Hospital = () => {
  const { query } = useAddress();
  const asked = useFilters('service', 'q', 'before');
  const { service } = asked;
  const { view } = useLive();
  // One that is given back and dies again leaves their number as it was.
  const version = view?.map.topics
    .filter(({ name }) => /\.(?:dead|redrive)$/.test(name))
    .reduce((sum, { records }) => sum + records, view.dead);
  const found = useAnswer<DeadView>(withQuery('/api/dead', asked), { version });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [decision, setDecision] = useState<Decision>();
  const [outcome, setOutcome] = useState('');
  const seen = query.get('letter');

  return (
    <>
      <Title window="Dead letters · Ensemble monitor">
        {service === undefined ? 'Dead letters' : `Dead letters of ${service}`}
      </Title>
      <Filters
        path="/dead"
        filters={[
          { name: 'q', label: 'Position, event, booking or reason' },
          {
            name: 'service',
            label: 'Service',
            known: view?.map.services.map(({ name }) => name) ?? [],
          },
        ]}
        all="All dead letters"
      />
      <output>{outcome}</output>
      <Answer of={found}>
        {({ letters, count, next }) => {
          const ids = letters.map(({ id }) => id).filter((id) => chosen.has(id));
          const letter = letters.find(({ id }) => id === seen);
          return (
            <>
              <section className="panel" aria-label="Letters">
                {letters.length === 0 ? (
                  <Empty>
                    {query.size > 0
                      ? 'No dead letter is like this.'
                      : 'No letter is dead: everything could be read and decided.'}
                  </Empty>
                ) : (
                  <>
                    <Letters letters={letters} chosen={chosen} onChoose={setChosen} />
                    <div className="row">
                      <span>
                        {`${plural(ids.length, 'letter')} chosen of ${letters.length} shown of ${count}`}
                      </span>
                      <button
                        type="button"
                        className="primary"
                        disabled={ids.length === 0}
                        onClick={() => setDecision({ act: 'redrive', ids })}
                      >
                        Redrive …
                      </button>
                      <button
                        type="button"
                        disabled={ids.length === 0}
                        onClick={() => setDecision({ act: 'discard', ids })}
                      >
                        Discard …
                      </button>
                      {next !== null && (
                        <Link to={withQuery('/dead', { ...asked, before: next })}>Older ones</Link>
                      )}
                    </div>
                  </>
                )}
              </section>
              {letter && (
                <Letter
                  key={letter.id}
                  letter={letter}
                  onClose={() => go(withQuery('/dead', asked))}
                />
              )}
            </>
          );
        }}
      </Answer>
      {decision && (
        <Decide
          act={decision.act}
          ids={decision.ids}
          onClose={() => setDecision(undefined)}
          onDone={(words) => {
            setDecision(undefined);
            setChosen(new Set());
            setOutcome(words);
            found.again();
          }}
        />
      )}
    </>
  );
};
