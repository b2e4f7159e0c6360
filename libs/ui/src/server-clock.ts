/**
 * How far the server's clock is ahead of this one, in milliseconds, by the header Date of an answer.
 * It names whole seconds; what was cut off is half a second on the average, and so is known to it.
 * @param date the header, as HTTP writes it
 * @returns undefined if the header is none
 */
export const clockAhead = (
  date: string | null,
  askedAt: number,
  answeredAt: number,
): number | undefined => {
  const told = date === null ? Number.NaN : Date.parse(date);
  return Number.isNaN(told) ? undefined : told + 500 - (askedAt + answeredAt) / 2;
};
