/** What people read of numbers and moments. */

/** An amount of money in minor units, with its ISO currency. */
export interface Amount {
  readonly amount: number;
  readonly currency: string;
}

/** How numbers, moments and lists are written somewhere; in the reader's time zone. */
export interface Formats {
  /** `20,000`. */
  count(value: number): string;
  /** `1 booking`, `2,000 bookings`. */
  plural(value: number, one: string, many?: string): string;
  /** Per second: `3.2/s`; what is rarer than one in ten seconds, per minute: `0.8/min`. */
  rate(perSecond: number): string;
  /** Of a share between 0 and 1: `12.5 %`. */
  percent(share: number): string;
  /** The time of day of a moment, with the day unless it is today's. */
  moment(at: number, now: number): string;
  /** Hour and minute of a moment. */
  hourAndMinute(at: number): string;
  /** A moment in full, with its time zone. */
  fullMoment(at: number): string;
  /** When something begins: `Monday 1 March 2027 at 19:30`. */
  appointment(at: number): string;
  /** Money in minor units: `€90.00`. */
  money(amount: Amount): string;
  /** `a`, `a and b`, `a, b or c`. */
  list(words: readonly string[], last?: 'and' | 'or'): string;
}

/** How they are written in a place. @param locale a tag of BCP 47, `en-GB` */
export const formatsOf = (locale: string): Formats => {
  const counted = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const rated = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 });
  const shared = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' });
  const short = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
  const full = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'long' });
  const begins = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' });
  const rules = new Intl.PluralRules(locale);
  const purse = new Map<string, Intl.NumberFormat>();
  const inCurrency = (currency: string): Intl.NumberFormat => {
    const format =
      purse.get(currency) ?? new Intl.NumberFormat(locale, { style: 'currency', currency });
    purse.set(currency, format);
    return format;
  };
  const perSecondOrMinute = (perSecond: number): string =>
    perSecond < 0.1 ? `${rated.format(perSecond * 60)}/min` : `${rated.format(perSecond)}/s`;
  return {
    count: (value) => counted.format(value),
    plural: (value, one, many = `${one}s`) =>
      `${counted.format(value)} ${rules.select(value) === 'one' ? one : many}`,
    rate: (perSecond) => (perSecond === 0 ? '0/s' : perSecondOrMinute(perSecond)),
    percent: (share) => shared.format(share),
    moment: (at, now) => {
      const date = new Date(at);
      const isToday = date.toDateString() === new Date(now).toDateString();
      return isToday ? clock.format(date) : `${day.format(date)}, ${clock.format(date)}`;
    },
    hourAndMinute: (at) => short.format(new Date(at)),
    fullMoment: (at) => full.format(new Date(at)),
    appointment: (at) => begins.format(new Date(at)),
    money: ({ amount, currency }) => {
      const format = inCurrency(currency);
      return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
    },
    list: (words, last = 'and') => {
      const type = last === 'and' ? 'conjunction' : 'disjunction';
      return new Intl.ListFormat(locale, { type }).format(words);
    },
  };
};

/** Those of a page in one language. */
export const { count, plural, rate, percent, moment, hourAndMinute, fullMoment, money, list } =
  formatsOf('en-GB');

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

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

/** How far a moment is, in whole seconds: `12 s ago`, `in 3 min`. */
export const distance = (at: number, now: number): string => {
  const seconds = Math.round(Math.abs(at - now) / secondMs);
  if (seconds === 0) return 'now';
  const far = duration(seconds * secondMs);
  return at > now ? `in ${far}` : `${far} ago`;
};
