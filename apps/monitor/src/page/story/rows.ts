import type { SpanView, StepView } from '../../views.ts';
import type { Interval } from './compress.ts';

/** What went on in a part of a bar. */
export type Part = 'publish' | 'wait' | 'work' | 'point';

/** A bar of a waterfall. */
export interface Row {
  readonly id: string;
  readonly label: string;
  readonly service: string;
  readonly parts: readonly (Interval & { readonly part: Part })[];
  /** The row that led to this one. */
  readonly causedBy: string | undefined;
  readonly isTrouble: boolean;
}

type Parts = Row['parts'];

const over = (part: Part, start: number, end: number): Parts =>
  end > start ? [{ part, start, end }] : [];

/** A step is told when it ends: what it took is counted back from there. */
const partsOf = (
  { at, publishMs = 0, waitMs = 0, workMs = 0 }: StepView,
  said?: StepView,
): Parts => {
  const begun = at - workMs;
  const parts = [
    ...(said ? over('publish', said.at - (said.publishMs ?? 0), said.at) : []),
    ...over('publish', at - publishMs, at),
    ...over('wait', begun - waitMs, begun),
    ...over('work', begun, at),
  ];
  return parts.length > 0 ? parts : [{ part: 'point', start: at, end: at }];
};

const beginning = ({ parts }: Row): number => parts[0]?.start ?? 0;
const troubles: ReadonlySet<StepView['kind']> = new Set(['failed', 'dead', 'parked']);

/**
 * The hops of a booking: a row for each event and each service that heard it, and one for what
 * nobody heard or was done. An arrow goes from the hop in which something was said to its own hops.
 */
export const hopRows = (steps: readonly StepView[]): readonly Row[] => {
  const saidBy = new Map<string, StepView>();
  const isHeard = new Set<string>();
  for (const { kind, eventId = '', ...rest } of steps) {
    if (kind === 'said') saidBy.set(eventId, { kind, eventId, ...rest });
    if (kind === 'heard') isHeard.add(eventId);
  }
  const shown = steps.filter(({ kind, eventId = '' }) => kind !== 'said' || !isHeard.has(eventId));
  const ids = shown.map(({ kind, service, at }, index) => `${kind} ${service} ${at} ${index}`);
  const hopOf = new Map<string, string>();
  for (const [index, { eventId = '', service }] of shown.entries()) {
    const id = ids[index] ?? '';
    for (const key of [eventId, `${eventId} ${service}`]) if (!hopOf.has(key)) hopOf.set(key, id);
  }

  return shown
    .map((step, index): Row => {
      const said = step.kind === 'said' ? undefined : saidBy.get(step.eventId ?? '');
      const { service, causedBy } = said ?? step;
      const cause = hopOf.get(`${causedBy} ${service}`) ?? hopOf.get(causedBy ?? 'nothing');
      return {
        id: ids[index] ?? '',
        label: step.event ?? step.sentence,
        service: step.service,
        parts: partsOf(step, said),
        causedBy: cause === ids[index] ? undefined : cause,
        isTrouble: troubles.has(step.kind),
      };
    })
    .toSorted((a, b) => beginning(a) - beginning(b));
};

/** The spans of a trace, as they began; an arrow goes from the parent, or from what is linked. */
export const spanRows = (spans: readonly SpanView[]): readonly Row[] => {
  const known = new Set(spans.map(({ spanId }) => spanId));
  return spans
    .map(({ spanId, parentSpanId, links, name, service, startMs, endMs, status }): Row => ({
      id: spanId,
      label: name,
      service,
      parts: [{ part: endMs > startMs ? 'work' : 'point', start: startMs, end: endMs }],
      causedBy: [parentSpanId, ...links.map((link) => link.spanId)].find(
        (id) => id !== undefined && id !== spanId && known.has(id),
      ),
      isTrouble: status === 'error',
    }))
    .toSorted((a, b) => beginning(a) - beginning(b));
};

/** What the scale of a picture must be true to: all but waiting, which may be left out. */
export const intervalsOf = (rows: readonly Row[]): readonly Interval[] =>
  rows.flatMap(({ parts }) =>
    parts.flatMap(({ part, start, end }) =>
      part === 'wait'
        ? [
            { start, end: start },
            { start: end, end },
          ]
        : [{ start, end }],
    ),
  );
