import { hourAndMinute, useWidth } from '@ensemble/ui';
import { useEffect, useState } from 'react';
import UPlot from 'uplot';
import type { AnalyticsView } from '../views.ts';

const height = 220;
/** Told apart by their dashes as well as by colour. */
const lines = [
  { label: 'started', colour: '--accent', dash: [] },
  { label: 'ended', colour: '--good', dash: [6, 3] },
  { label: 'failed', colour: '--bad', dash: [2, 3] },
] as const;

const isDark = (): MediaQueryList => window.matchMedia('(prefers-color-scheme: dark)');

/** Changes when the reader's colours do: what is drawn on a canvas has to be drawn again. */
const useColours = (): boolean => {
  const [dark, setDark] = useState(isDark().matches);
  useEffect(() => {
    const media = isDark();
    const hear = (): void => setDark(media.matches);
    media.addEventListener('change', hear);
    return () => media.removeEventListener('change', hear);
  }, []);
  return dark;
};

/** A colour of the page's, as a canvas understands it. */
const colourOf = (name: string, where: Element): string => {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  where.appendChild(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
};

/** Bookings started, ended and failed, minute by minute. The table beside it tells the same. */
export const RatesChart = ({ rates }: { rates: AnalyticsView['rates'] }) => {
  const [ref, width] = useWidth<HTMLDivElement>();
  const dark = useColours();
  useEffect(() => {
    const place = ref.current;
    if (place === null || width === 0) return;
    const ink = colourOf('--ink-soft', place);
    const axis = { stroke: ink, grid: { stroke: colourOf('--line', place), width: 1 } };
    const chart = new UPlot(
      {
        width,
        height,
        scales: { y: { range: (_, __, max) => [0, Math.max(1, max * 1.1)] } },
        axes: [
          { ...axis, values: (_, ticks) => ticks.map((at) => hourAndMinute(at * 1_000)) },
          { ...axis, size: 44 },
        ],
        series: [
          { label: 'at', value: (_, at) => (at === null ? '–' : hourAndMinute(at * 1_000)) },
          ...lines.map(({ label, colour, dash }) => ({
            label,
            stroke: colourOf(colour, place),
            width: 2,
            dash: [...dash],
            points: { show: false },
          })),
        ],
      },
      [
        rates.map(({ at }) => at / 1_000),
        rates.map(({ started }) => started),
        rates.map(({ ended }) => ended),
        rates.map(({ failed }) => failed),
      ],
      place,
    );
    return () => chart.destroy();
  }, [ref, rates, width, dark]);
  return (
    <div
      ref={ref}
      className="chart"
      role="img"
      aria-label="Bookings a minute over time; the table tells the same"
    />
  );
};
