import type { Chance } from './chance.ts';
import type { Weather } from './weather.ts';
import type { Actor } from './world.ts';

/** What can go wrong with a call. */
export type WireFault =
  | 'calls refused'
  | 'answers lost'
  | 'calls half done'
  | 'calls that take their time'
  | 'calls that arrive when nobody waits any more';

/** One call to something outside the process. */
export interface Call<Result> {
  /** For the trace. */
  readonly what: string;
  /** Does it: when the call has arrived. */
  apply(): Promise<Result> | Result;
  /** Does a part of it only; the caller hears that it failed. */
  applyPart?: (() => void) | undefined;
}

/**
 * Where calls travel: the question and the answer each in a step of its own, so that anything may
 * come between. Either can be lost, and who asked learns no more than that it failed.
 */
export type Wire = <Result>(call: Call<Result>) => Promise<Result>;

/** Probability that an answer is there at once, in the step of the call. */
const atOnce = 0.7;
/** How long a call is under way at most, in milliseconds. */
export const longestWayMs = 4_000;

/**
 * A wire from an actor to `name`.
 * @param isAway whether nothing arrives just now
 * @param failure what the caller hears of a failure
 */
export const wire =
  (
    actor: Actor,
    name: string,
    {
      chance,
      weather,
      isAway,
      failure,
    }: {
      chance: Chance;
      weather: Weather<WireFault>;
      isAway(): boolean;
      failure(): Error;
    },
  ): Wire =>
  ({ what, apply, applyPart }) =>
    new Promise((resolve, reject) => {
      const answer = (task: () => void): void => {
        if (actor.state === 'up' && chance.happens(atOnce)) task();
        else actor.soon(`is answered by ${name}`, task);
      };
      const fail = (): void => answer(() => reject(failure()));
      const arrive = (): void => {
        if (isAway() || weather.strikes('calls refused')) return fail();
        if (applyPart !== undefined && weather.strikes('calls half done')) {
          applyPart();
          return fail();
        }
        const isLost = weather.strikes('answers lost');
        const done = (async () => apply())();
        done.then((result) => (isLost ? fail() : answer(() => resolve(result))), reject);
      };
      const leave = (task: () => void): void => actor.soon(`${name}.${what}`, task, true);
      const leaveLater = (task: () => void): void =>
        void actor.after(chance.below(longestWayMs), `is slow to call ${name}`, () => leave(task));

      if (weather.strikes('calls that arrive when nobody waits any more')) {
        fail();
        leaveLater(() => void apply());
      } else if (weather.strikes('calls that take their time')) leaveLater(arrive);
      else leave(arrive);
    });
