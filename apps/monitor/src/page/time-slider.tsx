import { fullMoment, moment, useNow } from '@ensemble/ui';
import { useId } from 'react';

/**
 * Chooses a moment of the past to look at, or now. `moments`, if given, are where something happened:
 * the slider goes from one to the next.
 */
export const TimeSlider = ({
  at,
  from,
  to,
  moments,
  onChange,
}: {
  /** The moment that is looked at; null for now. */
  at: number | null;
  from: number;
  to: number;
  moments?: readonly number[];
  onChange: (at: number | null) => void;
}) => {
  const id = useId();
  const now = useNow();
  const seconds = Math.max(1, Math.round((to - from) / 1_000));
  const last = moments ? moments.length - 1 : seconds;
  const place =
    at === null
      ? last
      : moments
        ? Math.max(
            0,
            moments.findLastIndex((each) => each <= at),
          )
        : Math.round((at - from) / 1_000);
  const momentAt = (index: number): number =>
    moments ? (moments[index] ?? to) : from + index * 1_000;
  return (
    <div className="time-slider">
      <label htmlFor={id}>As of</label>
      <input
        id={id}
        type="range"
        min={0}
        max={last}
        value={Math.min(last, Math.max(0, place))}
        aria-valuetext={at === null ? 'now' : fullMoment(at)}
        onChange={({ target }) => {
          const index = Number(target.value);
          onChange(index >= last ? null : momentAt(index));
        }}
      />
      <output htmlFor={id}>{at === null ? 'now' : moment(at, now)}</output>
      <button type="button" disabled={at === null} onClick={() => onChange(null)}>
        Back to now
      </button>
    </div>
  );
};
