import { Answer, Empty, Link, Moment, Title, useAnswer, useNow, withQuery } from '@ensemble/ui';
import type { RecordsView, RecordView } from '../views.ts';
import { type Filter, Filters, useFilters } from './filters.tsx';
import { useLive } from './live.tsx';
import { Personal } from './personal.tsx';
import { LogRecord } from './record.tsx';

/** Records of the log, each to be opened. */
export const RecordList = ({ records }: { records: readonly RecordView[] }) => {
  const now = useNow();
  return records.map((record) => (
    <details key={record.position}>
      <summary>
        <strong>{record.type || 'no event'}</strong>{' '}
        <span className="soft">
          <Moment at={record.at} now={now} /> · {record.position}
        </span>
      </summary>
      <LogRecord record={record} />
    </details>
  ));
};

/** The ledger: everything that was ever on the log, narrowed by what the address says. */
export const Records = () => {
  const { view } = useLive();
  const asked = useFilters(
    'booking',
    'type',
    'service',
    'trace',
    'topic',
    'from',
    'until',
    'after',
  );
  const path = withQuery('/api/records', asked);
  const found = useAnswer<RecordsView>(path);
  const filters: readonly Filter[] = [
    { name: 'booking', label: 'Booking' },
    {
      name: 'type',
      label: 'Event',
      known: [...new Set(view?.map.edges.map((each) => each.event))],
    },
    { name: 'service', label: 'Service', known: view?.map.services.map(({ name }) => name) ?? [] },
    { name: 'topic', label: 'Topic', known: view?.map.topics.map(({ name }) => name) ?? [] },
    { name: 'trace', label: 'Trace' },
  ];
  return (
    <>
      <Title window="Ledger · Ensemble monitor">Ledger</Title>
      <Filters path="/records" filters={filters} all="All records" />
      <Answer of={found}>
        {({ records, next }) => (
          <section className="panel" aria-busy={found.isAsking} aria-label="Found">
            {records.length === 0 ? (
              <Empty>No record is like this.</Empty>
            ) : (
              <Personal<RecordsView> key={path} path={path}>
                {(shown) => <RecordList records={shown?.records ?? records} />}
              </Personal>
            )}
            {next !== null && (
              <Link to={withQuery('/records', { ...asked, after: next })}>Older ones</Link>
            )}
          </section>
        )}
      </Answer>
    </>
  );
};
