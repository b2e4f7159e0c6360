import { duration, useWidth } from '@ensemble/ui';
import { useId } from 'react';
import { compress, type Scale } from './compress.ts';
import { intervalsOf, type Row } from './rows.ts';

const rowHeight = 30;
const axisHeight = 38;
/** Labels of the axis stand at least so far apart. */
const axisGap = 62;
const barHeight = 12;
const labelWidth = 230;
/** Below this width labels stand above their bars. */
const narrow = 620;
const rightMargin = 64;

interface Frame {
  readonly left: number;
  readonly width: number;
  readonly height: number;
  readonly isNarrow: boolean;
  readonly x: (at: number) => number;
  readonly y: (index: number) => number;
}

const frameOf = (scale: Scale, rows: number, total: number): Frame => {
  const isNarrow = total < narrow;
  const left = isNarrow ? 8 : labelWidth;
  const width = Math.max(40, total - left - rightMargin);
  const each = isNarrow ? rowHeight + 16 : rowHeight;
  return {
    left,
    width,
    isNarrow,
    height: axisHeight + rows * each + 8,
    x: (at) => left + scale.x(at) * width,
    y: (index) => axisHeight + index * each + (isNarrow ? each - rowHeight / 2 : rowHeight / 2),
  };
};

/** Those of labels from left to right that have room beside the one before. */
const spaced = <Label extends { readonly x: number }>(labels: readonly Label[]): Set<Label> => {
  const shown = new Set<Label>();
  let last = -Infinity;
  for (const label of labels) {
    if (label.x - last < axisGap) continue;
    shown.add(label);
    last = label.x;
  }
  return shown;
};

/** Stretches that are drawn short, with how long they were. */
const Breaks = ({ scale, frame }: { scale: Scale; frame: Frame }) => {
  const places = scale.breaks.map(({ start, end, from, to }) => ({
    x: frame.left + from * frame.width,
    width: (to - from) * frame.width,
    ms: end - start,
  }));
  const labelled = spaced(places);
  return places.map((place) => {
    const { x, width, ms } = place;
    return (
      <g key={x}>
        <rect x={x} y={axisHeight - 4} width={width} height={frame.height} className="break" />
        {labelled.has(place) && (
          <text x={x + width / 2} y={12} textAnchor="middle" className="axis">
            {`⋯ ${duration(ms)}`}
          </text>
        )}
      </g>
    );
  });
};

/** When things went on after a break, counted from the first. */
const Beginnings = ({ scale, frame, first }: { scale: Scale; frame: Frame; first: number }) => {
  const places = scale.beginnings.map((at) => ({ at, x: frame.x(at) }));
  const labelled = spaced(places);
  return places.map((place) => {
    const { at, x } = place;
    return (
      <g key={at}>
        <line x1={x} x2={x} y1={axisHeight - 4} y2={frame.height} className="grid" />
        {labelled.has(place) && (
          <text x={x} y={28} className="axis">
            {at === first ? '0' : `+${duration(at - first)}`}
          </text>
        )}
      </g>
    );
  });
};

/** From the bar in which something was decided, down to the beginning of what it led to. */
const Arrow = ({
  frame,
  cause,
  row,
  from,
  to,
  marker,
}: {
  frame: Frame;
  cause: Row;
  row: Row;
  from: number;
  to: number;
  marker: string;
}) => {
  const begin = frame.x(row.parts[0]?.start ?? 0);
  const causeBegin = frame.x(cause.parts[0]?.start ?? 0);
  const causeEnd = frame.x(cause.parts.at(-1)?.end ?? 0);
  const leave = Math.max(causeBegin + 1, Math.min(begin - 7, causeEnd));
  const down = to > from ? barHeight / 2 : -barHeight / 2;
  return (
    <path
      className="cause"
      markerEnd={`url(#${marker})`}
      d={`M ${leave} ${frame.y(from) + down} V ${frame.y(to)} H ${Math.max(leave + 1, begin - 1)}`}
    />
  );
};

const Bar = ({ row, index, frame }: { row: Row; index: number; frame: Frame }) => {
  const y = frame.y(index);
  const begin = row.parts[0]?.start ?? 0;
  const end = row.parts.at(-1)?.end ?? begin;
  const label = `${row.service} · ${row.label}`;
  const most = Math.floor((frame.isNarrow ? frame.width : labelWidth - 12) / 6.6);
  return (
    <g className={row.isTrouble ? 'bar trouble-bar' : 'bar'}>
      <title>
        {`${label}: ${row.parts.map(({ part, start, end: until }) => `${part} ${duration(until - start)}`).join(', ')}`}
      </title>
      <text
        x={frame.isNarrow ? frame.left : 0}
        y={frame.isNarrow ? y - 14 : y + 4}
        className="label"
      >
        {label.length > most ? `${label.slice(0, most - 1)}…` : label}
      </text>
      {row.parts.map(({ part, start, end: until }) =>
        part === 'point' ? (
          <path
            key={part}
            className="point"
            d={`M ${frame.x(start)} ${y - 6} l 6 6 l -6 6 l -6 -6 z`}
          />
        ) : (
          <rect
            key={part}
            className={part}
            x={frame.x(start)}
            y={y - barHeight / 2}
            width={Math.max(until > start ? 2 : 0, frame.x(until) - frame.x(start))}
            height={barHeight}
          />
        ),
      )}
      <text x={frame.x(end) + 8} y={y + 4} className="axis">
        {row.isTrouble ? '✕ ' : ''}
        {end > begin ? duration(end - begin) : ''}
      </text>
    </g>
  );
};

/**
 * Bars over time, and arrows from cause to effect. Long gaps are drawn short and say how long they
 * were. What it shows stands in a table or list beside it.
 */
export const Waterfall = ({ title, rows }: { title: string; rows: readonly Row[] }) => {
  const [ref, total] = useWidth<HTMLDivElement>();
  const id = useId();
  const scale = compress(intervalsOf(rows));
  const frame = frameOf(scale, rows.length, total);
  const place = new Map(rows.map((row, index) => [row.id, index]));
  const first = rows[0]?.parts[0]?.start ?? 0;
  return (
    <div ref={ref} className="waterfall">
      {total > 0 && (
        <svg width={total} height={frame.height} role="img" aria-label={title}>
          <defs>
            <marker
              id={`${id}head`}
              viewBox="0 0 6 6"
              refX="5"
              refY="3"
              markerWidth="6"
              markerHeight="6"
              orient="auto"
            >
              <path d="M0 0 L6 3 L0 6 z" className="head" />
            </marker>
          </defs>
          <Breaks scale={scale} frame={frame} />
          <Beginnings scale={scale} frame={frame} first={first} />
          {rows.map((row, index) => {
            const from = row.causedBy === undefined ? undefined : place.get(row.causedBy);
            const cause = from === undefined ? undefined : rows[from];
            if (from === undefined || cause === undefined) return null;
            return (
              <Arrow
                key={row.id}
                {...{ frame, cause, row, from, to: index, marker: `${id}head` }}
              />
            );
          })}
          {rows.map((row, index) => (
            <Bar key={row.id} row={row} index={index} frame={frame} />
          ))}
        </svg>
      )}
    </div>
  );
};
