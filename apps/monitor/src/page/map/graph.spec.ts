import { describe, expect, it } from '@jest/globals';
import type { EdgeView, MapView } from '../../views.ts';
import { graphOf, shapeOf } from './graph.ts';
import { layOut, sizes, smooth } from './layout.ts';

const none = { p50: null, p99: null, count: 0 };
const edge = (from: string, event: string, to: string, more: Partial<EdgeView> = {}): EdgeView => ({
  from,
  event,
  to,
  state: 'seen',
  count: 1,
  rate: 1,
  duration: none,
  wait: none,
  ...more,
});

const map = (edges: readonly EdgeView[]): MapView => ({
  at: 0,
  services: [...new Set(edges.flatMap(({ from, to }) => [from, to]))].map((name) => ({
    name,
    version: 1,
    lag: 0,
    standsSince: null,
    parked: 0,
    dead: 0,
    toDos: name === 'payment' ? [{ name: 'confirm', kind: 'effect', reaches: 'provider' }] : [],
  })),
  topics: [
    { name: 'seat', records: 7, rate: 2 },
    { name: 'flow', records: 6, rate: 0 },
  ],
  edges,
  totals: {
    bookings: 0,
    byState: {},
    stuck: 0,
    waiting: {},
    rate: 0,
    verdicts: 0,
    proven: null,
    spans: { kept: 0, dropped: 0 },
    behind: 0,
  },
});

describe('the graph of a map', () => {
  const graph = graphOf(
    map([
      edge('seat', 'seat.reserved', 'payment', { rate: 3 }),
      edge('seat', 'seat.reserved', 'ticket', { rate: 3 }),
      edge('seat', 'seat.refused', 'ticket', { state: 'ghost', rate: 0 }),
      edge('seat', 'seat.moved', 'payment', { state: 'undeclared', rate: 4 }),
    ]),
  );
  const lineOf = (id: string) => graph.lines.find((line) => line.id === id);

  it('has services, the topics that events go over, and what is reached outside', () => {
    expect(graph.nodes.map(({ id }) => id)).toEqual([
      's:seat',
      's:payment',
      's:ticket',
      't:seat',
      'o:provider',
    ]);
    expect(lineOf('s:payment>o:provider')?.kind).toBe('reaches');
  });

  it('counts once what was said once and heard by two', () => {
    expect(lineOf('s:seat>t:seat')?.rate).toBe(7);
    expect(lineOf('t:seat>s:ticket')?.rate).toBe(3);
  });

  it('shows what nobody declared, and hides no line that is seen', () => {
    expect(lineOf('t:seat>s:payment')?.state).toBe('undeclared');
    expect(lineOf('t:seat>s:ticket')?.state).toBe('seen');
    expect(lineOf('s:seat>t:seat')?.state).toBe('undeclared');
    expect(lineOf('t:seat>s:payment')?.events[0]?.event).toBe('seat.moved');
  });

  it('blames a stranger who hears, not who says it to others too', () => {
    const { lines } = graphOf(
      map([
        edge('seat', 'seat.sold', 'ticket'),
        edge('seat', 'seat.sold', 'spy', { state: 'undeclared' }),
      ]),
    );
    expect(lines.map(({ id, state }) => [id, state])).toEqual([
      ['s:seat>t:seat', 'seen'],
      ['t:seat>s:ticket', 'seen'],
      ['t:seat>s:spy', 'undeclared'],
    ]);
  });

  it('keeps its shape while numbers move', () => {
    const at = (rate: number) => graphOf(map([edge('seat', 'seat.sold', 'ticket', { rate })]));
    expect(shapeOf(at(1))).toBe(shapeOf(at(2)));
    expect(shapeOf(at(1))).not.toBe(shapeOf(graph));
  });

  it('is laid out without two nodes in one place', () => {
    const { nodes: places } = layOut(graph);
    const boxes = graph.nodes.map(({ id, kind }) => ({ ...places.get(id)!, ...sizes[kind] }));
    for (const [index, a] of boxes.entries()) {
      for (const b of boxes.slice(index + 1)) {
        const isApart =
          a.x + a.width <= b.x ||
          b.x + b.width <= a.x ||
          a.y + a.height <= b.y ||
          b.y + b.height <= a.y;
        expect(isApart).toBe(true);
      }
    }
  });

  it('draws lines from node to node, and labels beside them', () => {
    const { nodes, lines } = layOut(graph);
    const way = lines.get('t:seat>s:payment');
    const [topic, payment] = [nodes.get('t:seat')!, nodes.get('s:payment')!];
    expect(way?.points[0]).toEqual({
      x: topic.x + sizes.topic.width,
      y: topic.y + sizes.topic.height / 2,
    });
    expect(way?.points.at(-1)).toEqual({ x: payment.x, y: payment.y + sizes.service.height / 2 });
    expect(smooth(way!.points)).toMatch(/^M [\d.]+ [\d.]+( C( [\d.]+){6})+$/);
    const labels = [...lines].filter(([id]) => id.startsWith('t:')).map(([, { label }]) => label);
    expect(new Set(labels.map(({ x, y }) => `${x} ${y}`)).size).toBe(labels.length);
  });
});
