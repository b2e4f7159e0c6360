import { plural } from '@ensemble/ui';
import type { RecordView, StoryView } from '../../views.ts';
import { Personal } from '../personal.tsx';
import { RecordList } from '../records.tsx';

/** The records of the log that all of it is told from. @param path where the story is asked for */
export const Records = ({ records, path }: { records: readonly RecordView[]; path: string }) => (
  <section className="panel" aria-labelledby="records">
    <h2 id="records">{`On the log: ${plural(records.length, 'record')}`}</h2>
    <Personal<StoryView> path={path}>
      {(shown) => <RecordList records={shown?.records ?? records} />}
    </Personal>
  </section>
);
