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
  const service = query.get('service') ?? undefined;
  const { view } = useLive();
  const found = useAnswer<DeadView>(withQuery('/api/dead', { service }), { version: view?.dead });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [decision, setDecision] = useState<Decision>();
  const [outcome, setOutcome] = useState('');
  const seen = query.get('letter');

  return (
    <>
      <Title window="Dead letters · Ensemble monitor">
        {service === undefined ? 'Dead letters' : `Dead letters of ${service}`}
      </Title>
      {service !== undefined && (
        <p>
          <Link to="/dead">Those of all services</Link>
        </p>
      )}
      <output>{outcome}</output>
      <Answer of={found}>
        {({ letters }) => {
          const ids = letters.map(({ id }) => id).filter((id) => chosen.has(id));
          const letter = letters.find(({ id }) => id === seen);
          return (
            <>
              <section className="panel" aria-label="Letters">
                {letters.length === 0 ? (
                  <Empty>No letter is dead: everything could be read and decided.</Empty>
                ) : (
                  <>
                    <Letters letters={letters} chosen={chosen} onChoose={setChosen} />
                    <div className="row">
                      <span>{`${plural(ids.length, 'letter')} chosen`}</span>
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
                    </div>
                  </>
                )}
              </section>
              {letter && (
                <Letter
                  key={letter.id}
                  letter={letter}
                  onClose={() => go(withQuery('/dead', { service }))}
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
