import { Controls, type Edge, MarkerType, type Node, ReactFlow } from '@xyflow/react';
import { useState } from 'react';
import { type MapGraph, shapeOf } from './graph.ts';
import { layOut, sizes } from './layout.ts';
import { type LineData, MapLineDrawn } from './line.tsx';
import { type NodeData, MapNodeDrawn } from './node.tsx';
import { Selected } from './selected.tsx';

const nodeTypes = { drawn: MapNodeDrawn };
const edgeTypes = { drawn: MapLineDrawn };
const inWords = {
  'node.a11yDescription.default': 'Press Enter to read about it below the picture.',
  'edge.a11yDescription.default': 'Press Enter to read about it below the picture.',
};
const arrow = {
  type: MarkerType.ArrowClosed,
  markerUnits: 'userSpaceOnUse',
  width: 18,
  height: 18,
};
const nowhere = { points: [], label: { x: 0, y: 0 } };

interface Selecting {
  readonly graph: MapGraph;
  readonly selected: string | undefined;
  readonly onSelect: (id: string | undefined) => void;
}

/** One shape of the map: its places are found once, its numbers move. */
const Shape = ({ graph, selected, onSelect }: Selecting) => {
  const [places] = useState(() => layOut(graph));
  const nodes = graph.nodes.map((node): Node<NodeData> => ({
    id: node.id,
    type: 'drawn',
    position: places.nodes.get(node.id) ?? { x: 0, y: 0 },
    ...sizes[node.kind],
    data: { node },
    selected: node.id === selected,
    ariaLabel: `${node.kind} ${node.id.slice(2)}`,
  }));
  const edges = graph.lines.map((line): Edge<LineData> => ({
    id: line.id,
    source: line.from,
    target: line.to,
    type: 'drawn',
    data: { line, ...(places.lines.get(line.id) ?? nowhere) },
    selected: line.id === selected,
    markerEnd: arrow,
    ariaLabel: `${line.from.slice(2)} ${line.kind} ${line.to.slice(2)}`,
  }));
  const select = (changes: readonly { type: string }[]): void => {
    for (const change of changes) {
      if ('id' in change && 'selected' in change && change.selected === true) {
        onSelect(String(change.id));
      }
    }
  };
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      edgeTypes={edgeTypes}
      nodesDraggable={false}
      nodesConnectable={false}
      deleteKeyCode={null}
      fitView
      fitViewOptions={{ padding: 0.04, maxZoom: 1.1 }}
      minZoom={0.15}
      preventScrolling={false}
      zoomOnScroll={false}
      colorMode="system"
      defaultMarkerColor={null}
      ariaLabelConfig={inWords}
      onNodesChange={select}
      onEdgesChange={select}
      onPaneClick={() => onSelect(undefined)}
    >
      <Controls showInteractive={false} />
    </ReactFlow>
  );
};

/**
 * The map as a picture. What is selected in it, by pointer or by Tab and Enter, is told in words
 * below; the tables below that tell all of it.
 */
export const MapPicture = ({ graph }: { graph: MapGraph }) => {
  const [selected, setSelected] = useState<string>();
  return (
    <section className="panel" aria-label="Picture of the map">
      <div className="map-picture">
        <Shape key={shapeOf(graph)} graph={graph} selected={selected} onSelect={setSelected} />
      </div>
      <p className="small soft legend">
        <span>
          <i className="key seen" /> seen
        </span>
        <span>
          <i className="key ghost" /> declared, never seen
        </span>
        <span>
          <i className="key undeclared" /> seen, not declared
        </span>
        <span>Thicker is busier. p50 / p99, decided to processed, of the busiest event.</span>
      </p>
      <Selected graph={graph} id={selected} />
    </section>
  );
};
