import type { ExpectationView } from '../views.ts';
import { type Booking, openDuties } from './booking.ts';
import { type Duty, isOverdue } from './duties.ts';
import { type Lags, suspicionOf } from './suspect.ts';
import { clockTime, duration, oneOfThese } from './words.ts';

/** A duty that is open, as views show it. */
export const expectationOf = (duty: Duty, now: number): ExpectationView => ({
  service: duty.owner,
  on: duty.on.type,
  oneOf: duty.promise.oneOf,
  since: duty.since,
  dueAt: duty.dueAt,
  isOverdue: isOverdue(duty, now),
});

const overdueSentence = (duty: Duty, booking: Booking, lags: Lags, now: number): string => {
  const { owner, promise, on, dueAt } = duty;
  const { suspect, evidence } = suspicionOf(duty, booking, lags, now);
  return (
    `Waits for ${owner} to say ${oneOfThese(promise.oneOf)} in answer to ${on.type}; it was due at ` +
    `${clockTime(dueAt)}, ${duration(now - dueAt)} ago. Suspect: ${suspect}. ${evidence}`
  );
};

const openSentence = ({ owner, promise, on, dueAt }: Duty, now: number): string => {
  const { after, oneOf, withinMs } = promise;
  const due = `${clockTime(dueAt)}, in ${duration(dueAt - now)}`;
  const moment = dueAt - withinMs;
  const until =
    after !== undefined && moment > now ? `, of which the moment is ${clockTime(moment)},` : '';
  return `Waits for ${owner} to say ${oneOfThese(oneOf)} in answer to ${on.type}${until} until ${due}.`;
};

/** What a booking waits for, whose it is and until when, in one sentence; null if for nothing. */
export const waitsFor = (booking: Booking, lags: Lags, now: number): string | null => {
  const { state, owed } = booking;
  const open = openDuties(booking).toSorted((a, b) => a.dueAt - b.dueAt);
  const [next] = open;
  if (next !== undefined && isOverdue(next, now)) {
    return overdueSentence(next, booking, lags, now);
  }
  const held = open.find(({ promise, dueAt }) => {
    return promise.after !== undefined && dueAt - promise.withinMs > now;
  });
  if (state === 'declined' && held !== undefined) {
    const { owner, dueAt, promise } = held;
    const until = dueAt - promise.withinMs;
    return (
      `Waits for its customer to give another card until ${clockTime(until)}, in ` +
      `${duration(until - now)}; then ${owner} says ${promise.oneOf.at(-1) ?? ''}.`
    );
  }
  if (next !== undefined) return openSentence(next, now);
  const [wish] = owed.wishes;
  if (wish === undefined || state !== 'requested') return null;
  return `Waits for ${wish.missing}, which nobody owes; then ${wish.promise.owner} answers ${wish.on.type}.`;
};
