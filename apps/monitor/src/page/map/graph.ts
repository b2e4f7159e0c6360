import type { EdgeView, MapView, ServiceView, TopicView } from '../../views.ts';

/** A node of the map, by what it stands for. */
export type MapNode =
  | { readonly id: string; readonly kind: 'service'; readonly service: ServiceView }
  | { readonly id: string; readonly kind: 'topic'; readonly topic: TopicView }
  | { readonly id: string; readonly kind: 'outside'; readonly name: string };

/** A line of the map: a service says to a topic, a topic is heard by one, a to-do reaches outside. */
export interface MapLine {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly kind: 'says' | 'hears' | 'reaches';
  /** What goes along it, the busiest first. */
  readonly events: readonly EdgeView[];
  /** That of what goes along it: `ghost` only where nothing was ever seen. */
  readonly state: EdgeView['state'];
  /** Records a second: an event that several hear is said once. */
  readonly rate: number;
}

export interface MapGraph {
  readonly nodes: readonly MapNode[];
  readonly lines: readonly MapLine[];
}

const topicOf = (event: string): string => event.split('.', 1)[0] ?? event;

const grouped = <Item>(items: readonly Item[], by: (item: Item) => string): [string, Item[]][] => [
  ...Map.groupBy(items, by),
];

const worst = (states: readonly EdgeView['state'][]): EdgeView['state'] => {
  if (states.includes('undeclared')) return 'undeclared';
  return states.every((state) => state === 'ghost') ? 'ghost' : 'seen';
};

/** What is said is as declared if anybody hears it as declared: the stranger is who hears it. */
const stateOfSaying = (edges: readonly EdgeView[]): EdgeView['state'] =>
  worst(
    grouped(edges, ({ event }) => event).map(([, each]) =>
      each.some(({ state }) => state === 'seen') ? 'seen' : worst(each.map(({ state }) => state)),
    ),
  );

const line = (
  kind: 'says' | 'hears',
  from: string,
  to: string,
  edges: readonly EdgeView[],
): MapLine => {
  const busiest = new Map<string, number>();
  for (const { event, rate } of edges) busiest.set(event, Math.max(busiest.get(event) ?? 0, rate));
  return {
    id: `${from}>${to}`,
    from,
    to,
    kind,
    events: edges.toSorted((a, b) => b.rate - a.rate),
    state: kind === 'says' ? stateOfSaying(edges) : worst(edges.map(({ state }) => state)),
    rate: [...busiest.values()].reduce((sum, each) => sum + each, 0),
  };
};

/** Services, the topics between them, and what they reach outside. */
export const graphOf = ({ services, topics, edges }: MapView): MapGraph => {
  const known = new Map(topics.map((topic) => [topic.name, topic]));
  const touched = new Set(edges.map(({ event }) => topicOf(event)));
  const reached = services.flatMap(({ name, toDos }) =>
    [...new Set(toDos.flatMap(({ reaches }) => reaches ?? []))].map((outside) => ({
      name,
      outside,
    })),
  );
  return {
    nodes: [
      ...services.map(
        (service) => ({ id: `s:${service.name}`, kind: 'service', service }) as const,
      ),
      ...[...touched].map(
        (name) =>
          ({
            id: `t:${name}`,
            kind: 'topic',
            topic: known.get(name) ?? { name, records: 0, rate: 0 },
          }) as const,
      ),
      ...[...new Set(reached.map(({ outside }) => outside))].map(
        (name) => ({ id: `o:${name}`, kind: 'outside', name }) as const,
      ),
    ],
    lines: [
      ...grouped(edges, ({ from, event }) => `s:${from} t:${topicOf(event)}`).map(
        ([ends, each]) => {
          const [from = '', to = ''] = ends.split(' ');
          return line('says', from, to, each);
        },
      ),
      ...grouped(edges, ({ to, event }) => `t:${topicOf(event)} s:${to}`).map(([ends, each]) => {
        const [from = '', to = ''] = ends.split(' ');
        return line('hears', from, to, each);
      }),
      ...reached.map(({ name, outside }): MapLine => ({
        id: `s:${name}>o:${outside}`,
        from: `s:${name}`,
        to: `o:${outside}`,
        kind: 'reaches',
        events: [],
        state: 'seen',
        rate: 0,
      })),
    ],
  };
};

/** The same for graphs that are laid out alike: numbers may move, nodes and lines may not. */
export const shapeOf = ({ nodes, lines }: MapGraph): string =>
  [...nodes.map(({ id }) => id), ...lines.map(({ id }) => id)].toSorted().join('\n');
