import { Moment, plural, useNow } from '@ensemble/ui';
import type { RecordView } from '../../views.ts';
import { LogRecord } from '../record.tsx';

/** The records of the log that all of it is told from. */
export const Records = ({ records }: { records: readonly RecordView[] }) => {
  const now = useNow();
  return (
    <section className="panel" aria-labelledby="records">
      <h2 id="records">{`On the log: ${plural(records.length, 'record')}`}</h2>
      {records.map((record) => (
        <details key={record.position}>
          <summary>
            <strong>{record.type}</strong>{' '}
            <span className="soft">
              <Moment at={record.at} now={now} /> · {record.position}
            </span>
          </summary>
          <LogRecord record={record} />
        </details>
      ))}
    </section>
  );
};
