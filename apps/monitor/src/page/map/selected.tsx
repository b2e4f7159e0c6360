import { Empty, Table } from '@ensemble/ui';
import { edgeColumns, keyOfEdge } from './edge-columns.tsx';
import type { MapGraph } from './graph.ts';

/** What is selected in the picture, in words: a line's events, or all that come to and go from a node. */
export const Selected = ({ graph, id }: { graph: MapGraph; id: string | undefined }) => {
  if (id === undefined) return null;
  const line = graph.lines.find((each) => each.id === id);
  const lines = line ? [line] : graph.lines.filter(({ from, to }) => from === id || to === id);
  const edges = new Map(
    lines.flatMap(({ events }) => events).map((edge) => [keyOfEdge(edge), edge]),
  );
  const name = line ? `${line.from.slice(2)} → ${line.to.slice(2)}` : id.slice(2);
  return (
    <section aria-label={`Selected: ${name}`}>
      <h2>{name}</h2>
      {edges.size === 0 ? (
        <Empty>No event goes along it: a to-do reaches outside.</Empty>
      ) : (
        <Table
          caption={`Events of ${name}`}
          columns={edgeColumns}
          rows={[...edges.values()]}
          keyOf={keyOfEdge}
        />
      )}
    </section>
  );
};
