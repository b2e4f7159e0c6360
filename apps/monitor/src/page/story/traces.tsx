import { Badge, type Column, duration, Empty, plural, Table } from '@ensemble/ui';
import type { SpanView, StoryView } from '../../views.ts';
import { spanRows } from './rows.ts';
import { Waterfall } from './waterfall.tsx';

const columns: readonly Column<SpanView>[] = [
  { title: 'Span', cell: ({ name }) => name, isHead: true },
  { title: 'Service', cell: ({ service }) => service },
  { title: 'Kind', cell: ({ kind }) => kind },
  { title: 'Took', cell: ({ startMs, endMs }) => duration(endMs - startMs), isNumber: true },
  {
    title: 'Status',
    cell: ({ status }) => (status === 'error' ? <Badge tone="bad">error</Badge> : status),
  },
  {
    title: 'Attributes',
    cell: ({ attributes }) => (
      <details>
        <summary>{plural(Object.keys(attributes).length, 'attribute')}</summary>
        <dl className="pairs">
          {Object.entries(attributes).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{String(value)}</dd>
            </div>
          ))}
        </dl>
      </details>
    ),
  },
];

const Trace = ({ spans }: { spans: readonly SpanView[] }) => (
  <>
    <Waterfall
      title={`${plural(spans.length, 'span')} over time; the table tells the same`}
      rows={spanRows(spans)}
    />
    <Table caption="Spans" columns={columns} rows={spans} keyOf={({ spanId }) => spanId} />
  </>
);

/** The traces of a booking, with ways to other tools. */
export const Traces = ({ story: { traces, spans } }: { story: StoryView }) => (
  <section className="panel" aria-labelledby="traces">
    <h2 id="traces">Traces</h2>
    {traces.length === 0 && <Empty>No span of this booking is kept.</Empty>}
    {traces.map(({ traceId, spans: count, links }, index) => {
      const own = spans.filter((span) => span.traceId === traceId);
      return (
        <details key={traceId} open={index === 0}>
          <summary>
            <code>{traceId}</code> · {plural(count, 'span')}
            {count > own.length && own.length > 0 && ` (${own.length} kept)`}
          </summary>
          <p className="row ways">
            {links.map(({ name, url }) => (
              <a key={name} href={url} target="_blank" rel="noreferrer">
                {`Open in ${name}`}
              </a>
            ))}
          </p>
          {own.length > 0 && <Trace spans={own} />}
        </details>
      );
    })}
  </section>
);
