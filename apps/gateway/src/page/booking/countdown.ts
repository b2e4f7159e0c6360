/** From this time left on it is shown as urgent, in milliseconds. */
const urgentMs = 60_000;
/** What is said aloud: when this much is left, and never between. */
const spokenMs = [300_000, 60_000, 0] as const;

/** The time that is left of a hold. */
export interface Left {
  /** Whole seconds, those begun included; 0 when it is over. */
  readonly seconds: number;
  readonly isUrgent: boolean;
  /** What was last to be said aloud, in milliseconds left; undefined before the first. */
  readonly spoken: (typeof spokenMs)[number] | undefined;
}

/** What is left at a moment of the server's clock; all in milliseconds since 1970 UTC. */
export const leftAt = (heldUntil: number, now: number): Left => {
  const ms = Math.max(0, heldUntil - now);
  return {
    seconds: Math.ceil(ms / 1_000),
    isUrgent: ms <= urgentMs,
    spoken: spokenMs.findLast((mark) => ms <= mark),
  };
};

/** `9:58`, as clocks show it. */
export const clockFace = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
