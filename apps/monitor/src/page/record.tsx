import { fullMoment } from '@ensemble/ui';
import type { RecordView } from '../views.ts';

/** JSON so that it can be read; anything else as it is. */
const readable = (body: string): string => {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body; // it is shown because it may be broken
  }
};

/** A record of the log as it is kept. */
export const LogRecord = ({ record }: { record: RecordView }) => (
  <div className="record">
    <dl className="pairs">
      <div>
        <dt>position</dt>
        <dd>{record.position}</dd>
      </div>
      <div>
        <dt>received</dt>
        <dd>{fullMoment(record.at)}</dd>
      </div>
      <div>
        <dt>key</dt>
        <dd>{record.key ?? 'none'}</dd>
      </div>
      {Object.entries(record.headers).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      <div>
        <dt>hash</dt>
        <dd>{record.hash}</dd>
      </div>
    </dl>
    {record.body === null ? <p className="soft">No body.</p> : <pre>{readable(record.body)}</pre>}
  </div>
);
