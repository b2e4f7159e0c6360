import type { House, Place } from './house.ts';

const nearest = (seats: readonly Place[], x: number): Place | undefined =>
  seats.reduce<Place | undefined>(
    (best, each) =>
      best === undefined || Math.abs(each.x - x) < Math.abs(best.x - x) ? each : best,
    undefined,
  );

type Step = (house: House, from: Place) => Place | undefined;

const along =
  (by: number): Step =>
  ({ lines }, { name, y }) => {
    const seats = lines[y]?.seats ?? [];
    return seats[seats.findIndex((each) => each.name === name) + by];
  };
const across =
  (by: number): Step =>
  ({ lines }, { x, y }) =>
    nearest(lines[y + by]?.seats ?? [], x);

const steps: Readonly<Record<string, Step>> = {
  ArrowLeft: along(-1),
  ArrowRight: along(1),
  ArrowUp: across(-1),
  ArrowDown: across(1),
  Home: ({ lines }, { y }) => lines[y]?.seats.at(0),
  End: ({ lines }, { y }) => lines[y]?.seats.at(-1),
  PageUp: ({ lines }, { x }) => nearest(lines.at(0)?.seats ?? [], x),
  PageDown: ({ lines }, { x }) => nearest(lines.at(-1)?.seats ?? [], x),
};

/** Whether a key leads from seat to seat. */
export const isStep = (key: string): boolean => Object.hasOwn(steps, key);

/** The seat that a key leads to; the same where the house ends. */
export const stepFrom = (house: House, from: Place, key: string): Place =>
  steps[key]?.(house, from) ?? from;
