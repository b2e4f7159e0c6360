import { type House, openHouse } from './house.ts';
import { client, drive, type Figures, keyOf, rounded, sell } from './measure.ts';
import type { Order, Rushed } from './client.ts';
import type { Where } from './on-servers.ts';

/** The gateway takes in no more than these before `seat` has answered. */
const admit = 1_000;
const seconds = 10;

/** The most that await an answer, in each half of the time that something takes. */
const backlog = async (house: House, during: Promise<unknown>): Promise<[number, number]> => {
  const samples: number[] = [];
  const timer = setInterval(() => void samples.push(house.awaiting()), 100);
  await during.finally(() => clearInterval(timer));
  const half = Math.ceil(samples.length / 2);
  return [Math.max(0, ...samples.slice(0, half)), Math.max(0, ...samples.slice(half))];
};

/**
 * What becomes of the backlog below capacity and at twice the capacity, by HTTP, with customers in a
 * process of their own.
 * @param bookings so many are made to warm up, and again as many to find out the capacity
 */
export const rush = async (bookings: number, where: Where): Promise<Figures> => {
  const house = await openHouse({ where, admit });
  const ofMany = await sell(house, 2 * bookings);
  const book = (n: number): Promise<string> => house.request(ofMany(n), keyOf(n));
  const window = admit / 2;
  await drive(house, { from: 0, to: bookings, window, book });
  const began = performance.now();
  await drive(house, { from: bookings, to: 2 * bookings, window, book });
  const capacity = (bookings / (performance.now() - began)) * 1_000;

  let tickets = 0;
  let all = Promise.withResolvers<void>();
  let expected = Infinity;
  const check = (): void => {
    if (tickets === expected) all.resolve();
  };
  house.onTicket(() => {
    tickets += 1;
    check();
  });
  /** Lets so many come a second; resolves when all that were accepted have their tickets. */
  const come = async (name: string, perSecond: number) => {
    const count = Math.ceil(perSecond * seconds);
    const wanted = await sell(house, count, { name });
    const orders: Order['all'] = Array.from({ length: count }, (_, n) => ({
      ...wanted(n),
      key: `${name}-${keyOf(n)}`,
    }));
    [tickets, expected, all] = [0, Infinity, Promise.withResolvers()];
    const plan = { rush: perSecond };
    const coming = client<Rushed>({ url: house.url, all: orders, warmUp: 0, plan });
    const most = await backlog(house, coming);
    const { accepted, shed } = await coming;
    const left = performance.now();
    expected = accepted;
    check();
    await all.promise;
    return { count, accepted, shed, most, drainMs: performance.now() - left };
  };
  const below = await come('below', 0.7 * capacity);
  const above = await come('above', 2 * capacity);
  await house.close();
  return {
    lines: [
      `  ${rounded(capacity)} bookings/s at full load; no more than ${admit} may await their seats`,
      `  at 0.7 of it for ${seconds} s: ${below.accepted} of ${below.count} accepted, at most ` +
        `${below.most.join(' and ')} awaited their seats in each half of the time`,
      `  at twice of it for ${seconds} s: ${above.accepted} of ${above.count} accepted and ticketed, ` +
        `${above.shed} told when to come again, at most ${Math.max(...above.most)} awaited their ` +
        `seats; the last ticket came ${rounded(above.drainMs / 1_000, 1)} s after the last customer`,
    ],
  };
};
