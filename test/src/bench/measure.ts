/** How measurements are made, of whatever makes tickets of bookings. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import type { Order, Plan, Took } from './client.ts';
import { type House, type HouseOptions, type Maker, openHouse, type Wanted } from './house.ts';

const usual = 'ABCDEFGHIJKLMNOPQRST'.split('').map((row) => ({ row, from: 1, to: 20 }));
/** So many seats that all bookings find one in a single section. */
const large = 'ABCDEFGHIJKLMNOPQRST'.split('').map((row) => ({ row, from: 1, to: 500 }));

type Hall = 'usual' | 'large';

/** Opens enough seats, and names them one after another: neighbours are in other sections. */
export const sell = async (
  maker: Maker,
  bookings: number,
  { hall = 'usual', name = 'show' }: { hall?: Hall; name?: string } = {},
): Promise<(n: number) => Wanted> => {
  const rows = hall === 'usual' ? usual : large;
  const seats = rows.flatMap(({ row, from, to }) =>
    Array.from({ length: to - from + 1 }, (_, n) => `${row}-${from + n}`),
  );
  const sections = Math.ceil(bookings / seats.length);
  const perShow = 20;
  for (let first = 0; first < sections; first += perShow) {
    await maker.open(`${name}-${first / perShow}`, Math.min(perShow, sections - first), rows);
  }
  return (n) => {
    const section = n % sections;
    return {
      showId: `${name}-${Math.floor(section / perShow)}`,
      section: `s${section % perShow}`,
      seats: [seats[Math.floor(n / sections)] ?? ''],
    };
  };
};

export const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};
export const keyOf = (n: number): string => `bench-${String(n).padStart(16, '0')}`;
export const rounded = (value: number, digits = 0): string => value.toFixed(digits);
const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.floor(sorted.length * share)] ?? NaN;

/** Keeps so many bookings under way until all have their tickets. */
export const drive = (
  maker: Maker,
  {
    from,
    to,
    window,
    book,
  }: { from: number; to: number; window: number; book: (n: number) => Promise<unknown> },
): Promise<void> =>
  new Promise((resolve, reject) => {
    let next = from;
    let ticketed = from;
    const one = (): void => {
      if (next < to) book(next++).catch(reject);
    };
    maker.onTicket(() => {
      ticketed += 1;
      if (ticketed === to) resolve();
      else one();
    });
    for (let n = 0; n < window; n += 1) one();
  });

/** Bookings a second at full load. */
export const throughput = async (
  open: () => Promise<Maker>,
  bookings: number,
  { hall = 'usual', window = 1_000 }: { hall?: Hall; window?: number } = {},
): Promise<Figures> => {
  const maker = await open();
  const warmUp = Math.ceil(bookings / 5);
  const wanted = await sell(maker, bookings + warmUp, { hall });
  const book = (n: number): Promise<string> => maker.request(wanted(n), keyOf(n));
  await drive(maker, { from: 0, to: warmUp, window, book });
  const [began, cpu] = [performance.now(), cpuMs()];
  await drive(maker, { from: warmUp, to: warmUp + bookings, window, book });
  const [ms, cost] = [performance.now() - began, cpuMs() - cpu];
  await maker.close();
  const perSecond = (bookings / ms) * 1_000;
  return {
    perSecond,
    lines: [
      `  ${rounded(perSecond)} bookings/s, ` +
        `${rounded((cost / bookings) * 1_000)} µs CPU of this process a booking, ` +
        `${window} under way`,
    ],
  };
};

/** What was measured: in words, and the figures that other rows are compared with. */
export interface Figures {
  readonly lines: readonly string[];
  readonly perSecond?: number;
  readonly p50?: number;
}

/** From asking to the ticket on the log, at a rate that is no load: an open model. */
export const latency = async (
  open: () => Promise<Maker>,
  bookings: number,
  { perSecond = 100 }: { perSecond?: number } = {},
): Promise<Figures> => {
  const maker = await open();
  const warmUp = Math.ceil(bookings / 5);
  const all = bookings + warmUp;
  const wanted = await sell(maker, all);
  const asked = new Map<string, number>();
  const ticketed = new Map<string, number>();
  const done = Promise.withResolvers<void>();
  const settle = (): void => {
    if (asked.size === all && ticketed.size === all) done.resolve();
  };
  maker.onTicket((bookingId) => {
    ticketed.set(bookingId, performance.now());
    settle();
  });
  const book = async (n: number): Promise<void> => {
    const now = performance.now();
    asked.set(await maker.request(wanted(n), keyOf(n)), now);
    settle();
  };
  const began = performance.now();
  for (let n = 0; n < all; n += 1) {
    const wait = began + (n * 1_000) / perSecond - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    book(n).catch(done.reject);
  }
  await done.promise;
  await maker.close();
  const took = [...asked]
    .slice(warmUp)
    .map(([id, from]) => (ticketed.get(id) ?? NaN) - from)
    .sort((a, b) => a - b);
  const p50 = at(took, 0.5);
  return {
    p50,
    lines: [
      `  at ${perSecond} bookings/s: p50 ${rounded(p50, 1)} ms, p99 ${rounded(at(took, 0.99), 1)} ms`,
    ],
  };
};

const program = join(import.meta.dirname, 'client.ts');

/** Has a client in a process of its own do what it is told; resolves to what it measured. */
export const client = <Measured>(order: Order): Promise<Measured> => {
  const child = fork(program, { execArgv: process.execArgv });
  child.send(order);
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as Measured));
    child.once('exit', (code) => reject(new Error(`the client ended with ${code}`)));
  });
};

/** What a client in a process of its own measures: it sends what it is told and waits for tickets. */
export const byHttp = async (
  bookings: number,
  plan: Plan,
  options: HouseOptions = {},
): Promise<Figures> => {
  const house: House = await openHouse(options);
  const warmUp = Math.ceil(bookings / 5);
  const wanted = await sell(house, bookings + warmUp);
  const all = Array.from({ length: bookings + warmUp }, (_, n) => ({
    ...wanted(n),
    key: keyOf(n),
  }));
  const began = cpuMs();
  const { perSecond, p50, p99 } = await client<Took>({ url: house.url, all, warmUp, plan });
  const cost = cpuMs() - began;
  await house.close();
  return {
    perSecond,
    p50,
    lines: [
      `  ${rounded(perSecond)} bookings/s, p50 ${rounded(p50, 1)} ms, p99 ${rounded(p99, 1)} ms from ` +
        `POST to ticketed, ${rounded((cost / all.length) * 1_000)} µs CPU a booking`,
    ],
  };
};

/** Memory and cost over a long run: it tells of each part when it is over. */
export const flat = async (bookings: number): Promise<Figures> => {
  const house = await openHouse();
  const part = bookings / 10;
  const wanted = await sell(house, bookings + part);
  const book = (n: number): Promise<string> => house.request(wanted(n), keyOf(n));
  for (let from = 0; from < bookings + part; from += part) {
    const [began, cpu] = [performance.now(), cpuMs()];
    await drive(house, { from, to: from + part, window: 500, book });
    const [ms, cost] = [performance.now() - began, cpuMs() - cpu];
    global.gc?.();
    const { heapUsed, rss } = process.memoryUsage();
    console.log(
      `  ${from === 0 ? 'warm-up' : `to ${from}`}: ${rounded((part / ms) * 1_000)} bookings/s, ` +
        `${rounded((cost / part) * 1_000)} µs CPU a booking, heap ${rounded(heapUsed / 2 ** 20)} MiB, ` +
        `resident ${rounded(rss / 2 ** 20)} MiB`,
    );
  }
  await house.close();
  return { lines: [] };
};
