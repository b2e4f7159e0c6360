import { Badge, type Column, count, duration, Link, rate, withQuery } from '@ensemble/ui';
import type { ReactNode } from 'react';
import type { Durations, EdgeView } from '../../views.ts';

const states: Readonly<Record<EdgeView['state'], () => ReactNode>> = {
  seen: () => <Badge tone="good">seen</Badge>,
  ghost: () => <Badge tone="notice">declared, never seen</Badge>,
  undeclared: () => <Badge tone="bad">not declared</Badge>,
};

const both = ({ p50, p99 }: Durations): string =>
  p50 === null || p99 === null ? '–' : `${duration(p50)} / ${duration(p99)}`;

/** What is told of who says what to whom. */
export const edgeColumns: readonly Column<EdgeView>[] = [
  {
    title: 'Event',
    cell: ({ event }) => <Link to={withQuery('/bookings', { type: event })}>{event}</Link>,
    isHead: true,
  },
  { title: 'From', cell: ({ from }) => from },
  { title: 'To', cell: ({ to }) => to },
  { title: 'Conforms', cell: ({ state }) => states[state]() },
  { title: 'In all', cell: (edge) => count(edge.count), isNumber: true },
  { title: 'Rate', cell: (edge) => rate(edge.rate), isNumber: true },
  { title: 'p50 / p99', cell: (edge) => both(edge.duration), isNumber: true },
  { title: 'Of it waiting', cell: ({ wait }) => both(wait), isNumber: true },
];

export const keyOfEdge = ({ from, event, to }: EdgeView): string => `${from} ${event} ${to}`;
