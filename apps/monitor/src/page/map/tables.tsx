import {
  Badge,
  type Column,
  count,
  Distance,
  Link,
  rate,
  Table,
  useNow,
  withQuery,
} from '@ensemble/ui';
import type { MapView, ServiceView, TopicView } from '../../views.ts';
import { edgeColumns, keyOfEdge } from './edge-columns.tsx';

const topicColumns: readonly Column<TopicView>[] = [
  { title: 'Topic', cell: ({ name }) => name, isHead: true },
  { title: 'Records', cell: ({ records }) => count(records), isNumber: true },
  { title: 'Rate', cell: (topic) => rate(topic.rate), isNumber: true },
];

const serviceColumns = (now: number): readonly Column<ServiceView>[] => [
  {
    title: 'Service',
    cell: ({ name }) => <Link to={withQuery('/bookings', { service: name })}>{name}</Link>,
    isHead: true,
  },
  {
    title: 'Table',
    cell: ({ version }) => (version === null ? 'not declared' : `version ${version}`),
  },
  {
    title: 'Lag',
    cell: ({ lag, standsSince }) => (
      <>
        {count(lag)}{' '}
        {standsSince !== null && (
          <Badge tone="bad">
            stands since <Distance at={standsSince} now={now} />
          </Badge>
        )}
      </>
    ),
    isNumber: true,
  },
  { title: 'Parked', cell: ({ parked }) => count(parked), isNumber: true },
  {
    title: 'Dead letters',
    cell: ({ name, dead }) =>
      dead === 0 ? '0' : <Link to={withQuery('/dead', { service: name })}>{count(dead)}</Link>,
    isNumber: true,
  },
  {
    title: 'To-dos',
    cell: ({ toDos }) =>
      toDos
        .map(({ name, kind, reaches }) =>
          kind === 'reminder' ? `${name} (reminder)` : reaches ? `${name} → ${reaches}` : name,
        )
        .join(', ') || '–',
  },
];

/** All that the picture shows, and more, to be read. */
export const MapTables = ({ map }: { map: MapView }) => {
  const now = useNow();
  return (
    <>
      <section className="panel" aria-labelledby="services">
        <h2 id="services">Services</h2>
        <Table
          caption="Services, and how they keep up"
          columns={serviceColumns(now)}
          rows={map.services}
          keyOf={({ name }) => name}
        />
      </section>
      <section className="panel" aria-labelledby="edges">
        <h2 id="edges">Who says what to whom</h2>
        <Table
          caption="Events, from whom to whom"
          columns={edgeColumns}
          rows={map.edges}
          keyOf={keyOfEdge}
        />
      </section>
      <section className="panel" aria-labelledby="topics">
        <h2 id="topics">Topics</h2>
        <Table
          caption="Topics, and what goes over them"
          columns={topicColumns}
          rows={map.topics}
          keyOf={({ name }) => name}
        />
      </section>
    </>
  );
};
