/** What people read of numbers and moments. One language, the reader's time zone. */

const language = 'en-GB';
const counted = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const rated = new Intl.NumberFormat(language, { maximumSignificantDigits: 2 });
const shared = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat(language, { timeStyle: 'medium' });
const short = new Intl.DateTimeFormat(language, { timeStyle: 'short' });
const day = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short' });
const full = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'long' });

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** `20,000`. */
export const count = (value: number): string => counted.format(value);

/** `1 booking`, `2,000 bookings`. */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** Per second: `3.2/s`; what is rarer than one in ten seconds, per minute: `0.8/min`. */
export const rate = (perSecond: number): string => {
  if (perSecond === 0) return '0/s';
  return perSecond < 0.1 ? `${rated.format(perSecond * 60)}/min` : `${rated.format(perSecond)}/s`;
};

/** Of a share between 0 and 1: `12.5 %`. */
export const percent = (share: number): string => shared.format(share);

/** The two greatest of these units, and the second only where it says something. */
const inTwo = (ms: number, greater: readonly [number, string], less: readonly [number, string]) => {
  const inLess = Math.round(ms / less[0]);
  const ratio = greater[0] / less[0];
  const whole = Math.floor(inLess / ratio);
  const rest = inLess % ratio;
  return rest === 0 ? `${whole} ${greater[1]}` : `${whole} ${greater[1]} ${rest} ${less[1]}`;
};

/** A duration in milliseconds, to two or three digits that matter: `0.4 ms`, `1.2 s`, `9 min 58 s`. */
export const duration = (ms: number): string => {
  if (ms < 0) return `−${duration(-ms)}`;
  if (ms === 0) return '0 ms';
  if (ms < 9.95) return `${Math.max(0.1, Math.round(ms * 10) / 10)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${Math.round(ms / 100) / 10} s`;
  if (ms < hourMs - 500) return inTwo(ms, [minuteMs, 'min'], [secondMs, 's']);
  if (ms < dayMs - minuteMs / 2) return inTwo(ms, [hourMs, 'h'], [minuteMs, 'min']);
  return inTwo(ms, [dayMs, 'd'], [hourMs, 'h']);
};

/** The time of day of a moment, with the day unless it is today's. */
export const moment = (at: number, now: number): string => {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date(now).toDateString();
  return isToday ? clock.format(date) : `${day.format(date)}, ${clock.format(date)}`;
};

/** Hour and minute of a moment. */
export const hourAndMinute = (at: number): string => short.format(new Date(at));

/** A moment in full, with its time zone. */
export const fullMoment = (at: number): string => full.format(new Date(at));

/** How far a moment is, in whole seconds: `12 s ago`, `in 3 min`. */
export const distance = (at: number, now: number): string => {
  const seconds = Math.round(Math.abs(at - now) / secondMs);
  if (seconds === 0) return 'now';
  const far = duration(seconds * secondMs);
  return at > now ? `in ${far}` : `${far} ago`;
};

/** Money in minor units: `€90.00`. */
export const money = ({ amount, currency }: { amount: number; currency: string }): string => {
  const format = new Intl.NumberFormat(language, { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** digits);
};

/** `a`, `a and b`, `a, b or c`. */
export const list = (words: readonly string[], last: 'and' | 'or' = 'and'): string => {
  const type = last === 'and' ? 'conjunction' : 'disjunction';
  return new Intl.ListFormat(language, { type }).format(words);
};
