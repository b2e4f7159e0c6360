import { setTimeout as pause } from 'node:timers/promises';
import {
  type BoxOffice,
  expecting,
  type Reply,
  UnexpectedAnswer,
} from '@ensemble/start/box-office';
import type { Accepted } from '../audit/evidence.ts';
import { bad, description, good } from '../e2e/house.ts';

import { operatorToken } from '../system.ts';
import type { Settled } from './pauses.ts';

/** Customers that come one after the other, whatever becomes of those before them. */
export interface Customers {
  /** Every 202 and 200 that came. */
  readonly accepted: readonly Accepted[];
  readonly settled: readonly Settled[];
  /** How many have come. */
  came(): number;
  /** How many of them have no final answer yet. */
  waiting(): number;
  /** @throws what a customer did not expect */
  check(): void;
  /** Nobody comes any more; resolves when each has got an answer that is final. */
  stop(): Promise<void>;
  /** Nobody comes any more, and who is here goes. */
  close(): void;
}

export interface CustomersOptions {
  readonly gateway: BoxOffice;
  /** A show of theirs that is not open yet. */
  readonly showId: string;
  readonly perSecond: number;
  /** While so many wait nobody comes; by default they come whatever becomes of the others. */
  readonly waitingAtMost?: number | undefined;
}

/** Enough that every member of a group has some. */
export const sections = Array.from({ length: 12 }, (_, n) => `s${n}`);
const rowLength = 999;
/** A customer waits this long for the outcome, then asks again. */
const waitSeconds = 15;
/** Who gets no answer tries again after this time, in milliseconds, if nothing else is said. */
const againMs = 1_000;
/** So long at most. */
const limitMs = 120_000;

/** Opens a show and lets customers come. They repeat what they ask for until it is answered. */
export const customers = async ({
  gateway,
  showId,
  perSecond,
  waitingAtMost = Infinity,
}: CustomersOptions): Promise<Customers> => {
  const accepted: Accepted[] = [];
  const settled: Settled[] = [];
  const stopped = new AbortController();
  const gone = new AbortController();
  const patiently = patience(gone.signal);
  const { section: one, ...show } = description(showId, rowLength);
  const opened = sections.map((section) => ({ ...one, section }));
  await patiently(() => gateway.openShow({ ...show, sections: opened }, operatorToken));

  /**
   * What the n-th customer does. Of ten one wants the seat of the one before in the section, one has
   * a bad card at first, and one withdraws when all is done.
   */
  const live = async (n: number): Promise<void> => {
    const section = sections[n % sections.length] ?? '';
    const place = Math.floor(n / sections.length);
    const kind = (n + place) % 10;
    const key = (what: string): string => `${what}-of-customer-${n}-of-${showId}`;
    const wish = {
      showId,
      section,
      seats: [`A-${kind === 1 && place > 0 ? place : place + 1}`],
      customer: { name: `Customer ${n}`, email: `customer${n}@example.org` },
      card: kind === 2 ? bad : good,
    };
    let isReplaced = false;
    for (;;) {
      const reply = await patiently(() =>
        asked(gateway.request(wish, key('request'), { waitSeconds })),
      );
      const { bookingId, state } = reply.body;
      accepted.push({ key: key('request'), bookingId });
      const booking = gateway.bookingOf(reply.body);
      if (reply.status === 202 && state === 'declined' && !isReplaced) {
        const { status } = await patiently(() => settling(booking.replaceCard(good, key('card'))));
        // Another gateway may not know yet that the first card was declined.
        isReplaced = status === 202;
      }
      if (reply.status !== 200) {
        await pause(againMs * Math.random());
        continue;
      }
      settled.push({ section, at: performance.now() });
      if (kind === 3) await patiently(() => settling(booking.withdraw()));
      return;
    }
  };

  const all: Promise<void>[] = [];
  let served = 0;
  const failures: unknown[] = [];
  const come = async (): Promise<void> => {
    const began = performance.now();
    let turnedAway = 0;
    while (!stopped.signal.aborted) {
      const due = Math.floor(((performance.now() - began) / 1_000) * perSecond);
      turnedAway = Math.max(turnedAway, due - served - waitingAtMost);
      while (all.length < due - turnedAway) {
        const life = live(all.length);
        life.then(
          () => (served += 1),
          (error: unknown) => failures.push(error),
        );
        all.push(life);
      }
      await pause(1_000 / perSecond);
    }
  };
  const coming = come();

  return {
    accepted,
    settled,
    came: () => all.length,
    waiting: () => all.length - served,
    check: () => {
      if (failures.length > 0) throw failures[0];
    },
    stop: async () => {
      stopped.abort();
      await coming;
      await Promise.all(all);
    },
    close: () => {
      stopped.abort();
      gone.abort();
    },
  };
};

/** Does the same again as long as nobody answers, or the answer is: not now; and until all go. */
const patience =
  (gone: AbortSignal) =>
  async <Result>(work: () => Promise<Result>): Promise<Result> => {
    const began = performance.now();
    for (;;) {
      let waitMs = againMs;
      try {
        return await work();
      } catch (error) {
        if (error instanceof UnexpectedAnswer) {
          if (error.status !== 503) throw error;
          waitMs = (error.retryAfter ?? 1) * 1_000;
        }
        if (gone.aborted || performance.now() - began > limitMs) throw error;
      }
      await pause(waitMs * (1 + Math.random()));
    }
  };

const answering =
  (...expected: readonly number[]) =>
  async <Body>(reply: Promise<Reply<Body>>): Promise<Reply<Body>> => {
    const found = await reply;
    expecting(found, ...expected);
    return found;
  };
const asked = answering(200, 202);
/** Done by a try whose answer was lost, it makes no sense any more. */
const settling = answering(202, 409);
