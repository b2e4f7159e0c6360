import dagre from '@dagrejs/dagre';
import type { MapGraph, MapLine, MapNode } from './graph.ts';

/** A place in the picture, in CSS pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where everything is drawn. */
export interface Layout {
  /** The upper left corner of each node, by its id. */
  readonly nodes: ReadonlyMap<string, Point>;
  /** The way of each line, from end to end, and where its label has room, by its id. */
  readonly lines: ReadonlyMap<string, { readonly points: readonly Point[]; readonly label: Point }>;
}

/** What a node takes, in CSS pixels. */
export const sizes: Readonly<Record<MapNode['kind'], { width: number; height: number }>> = {
  service: { width: 196, height: 84 },
  topic: { width: 148, height: 58 },
  outside: { width: 172, height: 52 },
};
/** What a label takes. */
const labelSize = { width: 96, height: 32 };
const gaps = { rank: 36, node: 26, topic: 22 };

/** A service with its own topics below it, which are laid out as one. */
interface Cluster {
  readonly id: string;
  readonly nodes: readonly MapNode[];
  readonly width: number;
  readonly height: number;
}

const clustersOf = ({ nodes, lines }: MapGraph): readonly Cluster[] => {
  const owners = new Map<string, string>();
  for (const { kind, from, to } of lines) {
    if (kind === 'says' && !owners.has(to)) owners.set(to, from);
  }
  return nodes
    .filter(({ id }) => !owners.has(id))
    .map((first) => {
      const own = nodes.filter(({ id }) => owners.get(id) === first.id);
      const members = [first, ...own];
      return {
        id: first.id,
        nodes: members,
        width: Math.max(...members.map(({ kind }) => sizes[kind].width)),
        height:
          members.reduce((sum, { kind }) => sum + sizes[kind].height, 0) + own.length * gaps.topic,
      };
    });
};

/** The middle of the side of a node that looks to `other`; below or above it, that of the height. */
const port = (corner: Point, kind: MapNode['kind'], other: Point): Point => {
  const { width, height } = sizes[kind];
  const middle = { x: corner.x + width / 2, y: corner.y + height / 2 };
  if (other.x >= corner.x + width) return { x: corner.x + width, y: middle.y };
  if (other.x <= corner.x) return { x: corner.x, y: middle.y };
  return { x: middle.x, y: other.y > middle.y ? corner.y + height : corner.y };
};

/**
 * Places services from left to right along the flow, each with its topics right below it; lines keep
 * clear of what is not their end, labels of each other.
 */
export const layOut = (map: MapGraph): Layout => {
  const clusters = clustersOf(map);
  const clusterOf = new Map(
    clusters.flatMap(({ id, nodes }) => nodes.map((each) => [each.id, id])),
  );
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', ranksep: gaps.rank, nodesep: gaps.node, edgesep: 14 });
  for (const { id, width, height } of clusters) graph.setNode(id, { width, height });
  const isWithin = ({ from, to }: MapLine): boolean => clusterOf.get(from) === clusterOf.get(to);
  for (const line of map.lines) {
    if (isWithin(line)) continue;
    const ends = [clusterOf.get(line.from) ?? '', clusterOf.get(line.to) ?? ''] as const;
    graph.setEdge(...ends, { ...labelSize, labelpos: 'c' }, line.id);
  }
  dagre.layout(graph);

  const nodes = new Map<string, Point>();
  for (const { id, nodes: members, width, height } of clusters) {
    const { x = 0, y = 0 } = graph.node(id);
    let top = y - height / 2;
    for (const { id: member, kind } of members) {
      const size = sizes[kind];
      nodes.set(member, { x: x - width / 2 + (width - size.width) / 2, y: top });
      top += size.height + gaps.topic;
    }
  }

  const kinds = new Map(map.nodes.map(({ id, kind }) => [id, kind]));
  const endOf = (id: string, towards: Point): Point =>
    port(nodes.get(id) ?? towards, kinds.get(id) ?? 'service', towards);
  const centreOf = (id: string): Point => {
    const { x, y } = nodes.get(id) ?? { x: 0, y: 0 };
    const { width, height } = sizes[kinds.get(id) ?? 'service'];
    return { x: x + width / 2, y: y + height / 2 };
  };
  const lines = map.lines.map((line) => {
    const { from, to, id } = line;
    if (isWithin(line)) {
      const points = [endOf(from, centreOf(to)), endOf(to, centreOf(from))];
      return [id, { points, label: centreOf(to) }] as const;
    }
    const drawn = graph.edge(clusterOf.get(from) ?? '', clusterOf.get(to) ?? '', id);
    const way = drawn.points ?? [];
    const [first = centreOf(to)] = way;
    const last = way.at(-1) ?? centreOf(from);
    const points = [endOf(from, first), ...way.slice(1, -1), endOf(to, last)];
    return [id, { points, label: { x: drawn.x ?? first.x, y: drawn.y ?? first.y } }] as const;
  });
  return { nodes, lines: new Map(lines) };
};

/** A smooth line through points, as SVG draws it. */
export const smooth = (points: readonly Point[]): string => {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const curve = rest.map((point, index) => {
    const before = points[index] ?? first;
    const half = (before.x + point.x) / 2;
    return `C ${half} ${before.y} ${half} ${point.y} ${point.x} ${point.y}`;
  });
  return [`M ${first.x} ${first.y}`, ...curve].join(' ');
};
