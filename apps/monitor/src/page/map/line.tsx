import { duration, rate } from '@ensemble/ui';
import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps } from '@xyflow/react';
import type { MapLine } from './graph.ts';
import { type Point, smooth } from './layout.ts';

export type LineData = {
  readonly line: MapLine;
  readonly points: readonly Point[];
  readonly label: Point;
};

/** A line's width in pixels: ten times as busy is one and a half wider. */
const widthOf = (perSecond: number): number => 1.5 + 1.5 * Math.log10(1 + perSecond);

/** How fast the busiest event that goes along it is processed. */
const paceOf = ({ events }: MapLine): string | undefined => {
  const { p50 = null, p99 = null } = events[0]?.duration ?? {};
  return p50 === null || p99 === null ? undefined : `${duration(p50)} / ${duration(p99)}`;
};

/** What stands on a line, row by row; what a service says to its topic stands at the topic. */
const wordsOf = (line: MapLine): readonly string[] => {
  if (line.kind === 'says' && line.state === 'seen') return [];
  if (line.kind === 'reaches') return ['reaches'];
  if (line.state === 'ghost') return ['never seen'];
  const never = line.events.filter(({ state }) => state === 'ghost').length;
  return [
    line.state === 'undeclared' ? 'not declared' : undefined,
    never > 0 ? `${rate(line.rate)}, ${never} never` : rate(line.rate),
    paceOf(line),
  ].filter((word) => word !== undefined);
};

/** A line with its pace in words: dashed where nothing was ever seen, dotted where none was declared. */
export const MapLineDrawn = ({ id, data, selected, markerEnd }: EdgeProps<Edge<LineData>>) => {
  if (data === undefined) return null;
  const { line, points, label } = data;
  const words = wordsOf(line);
  const state = line.kind === 'reaches' ? 'reaches' : line.state;
  const name = `line ${state}${selected ? ' selected' : ''}`;
  return (
    <>
      <BaseEdge
        id={id}
        path={smooth(points)}
        className={name}
        {...(markerEnd && line.kind !== 'says' ? { markerEnd } : {})}
        style={{ strokeWidth: widthOf(line.rate) }}
      />
      {words.length > 0 && (
        <EdgeLabelRenderer>
          <div
            className={`line-label ${name}`}
            style={{ transform: `translate(-50%, -50%) translate(${label.x}px, ${label.y}px)` }}
          >
            {words.map((each) => (
              <div key={each}>{each}</div>
            ))}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  );
};
