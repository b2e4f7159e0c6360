import { distance, fullMoment, moment } from './format.ts';

/** A moment: its time of day, in full where it is pointed at. */
export const Moment = ({ at, now }: { at: number; now: number }) => (
  <time dateTime={new Date(at).toISOString()} title={fullMoment(at)}>
    {moment(at, now)}
  </time>
);

/** How far a moment is from now. */
export const Distance = ({ at, now }: { at: number; now: number }) => (
  <time dateTime={new Date(at).toISOString()} title={fullMoment(at)}>
    {distance(at, now)}
  </time>
);
