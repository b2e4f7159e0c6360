import { ask, Link, Refused, Trouble } from '@ensemble/ui';
import { useMemo, useState } from 'react';
import type { OpenedView, ShowRequest } from '../../schemas.ts';
import { addresses } from '../addresses.ts';
import { useTexts } from '../texts.ts';
import { parseShow, requestOf } from './plan.ts';
import { freshPlan, PlanForm } from './plan-form.tsx';
import { Preview } from './preview.tsx';

/** Puts a show on sale, from a form or a file; what it will look like is seen before. */
export const OpenShow = ({ token, onRefused }: { token: string; onRefused: () => void }) => {
  const { operator: texts } = useTexts();
  const [plan, setPlan] = useState(freshPlan);
  const [file, setFile] = useState<ReturnType<typeof parseShow>>();
  const [opened, setOpened] = useState<OpenedView>();
  const [refused, setRefused] = useState<Refused>();
  const [isAsking, setIsAsking] = useState(false);

  const planned = useMemo(() => requestOf(plan), [plan]);
  const request: ShowRequest | undefined =
    file === undefined ? planned : 'request' in file ? file.request : undefined;

  const open = async (body: ShowRequest): Promise<void> => {
    setIsAsking(true);
    setOpened(undefined);
    setRefused(undefined);
    try {
      setOpened(await ask<OpenedView>('/api/shows', { method: 'POST', token, body }));
      setPlan(freshPlan);
      setFile(undefined);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.code === 'operators-only') onRefused();
      else setRefused(error);
    } finally {
      setIsAsking(false);
    }
  };

  return (
    <div className="columns">
      <form
        className="panel form"
        onSubmit={(event) => {
          event.preventDefault();
          if (request !== undefined) void open(request);
        }}
      >
        <h2>{texts.open}</h2>
        <label className="file">
          <span>{texts.file}</span>
          <input
            type="file"
            accept="application/json,.json"
            onChange={async ({ target }) => {
              const [chosen] = target.files ?? [];
              setFile(chosen && parseShow(await chosen.text()));
            }}
          />
        </label>
        {file && 'wrong' in file && (
          <p role="alert" className="trouble">
            {texts.wrong[file.wrong]}
          </p>
        )}
        {file === undefined && <PlanForm plan={plan} onChange={setPlan} />}
        {refused && <Trouble refused={refused} />}
        {refused && refused.pointers.length > 0 && (
          <ul aria-label={texts.wrongAt}>
            {refused.pointers.map((pointer) => (
              <li key={pointer}>
                <code>{pointer}</code>
              </li>
            ))}
          </ul>
        )}
        <p role="status">
          {opened && (
            <>
              {texts.opened}{' '}
              <Link to={addresses.show.to({ id: opened.showId })}>{opened.showId}</Link>
            </>
          )}
        </p>
        <div className="row">
          <button type="submit" className="primary" disabled={isAsking || request === undefined}>
            {texts.sell}
          </button>
          {file !== undefined && (
            <button type="button" onClick={() => setFile(undefined)}>
              {texts.typed}
            </button>
          )}
        </div>
      </form>
      {request && <Preview request={request} />}
    </div>
  );
};
