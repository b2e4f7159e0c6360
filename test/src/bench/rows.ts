import { fork } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { type House, openHouse, type Wanted, type World } from './house.ts';

/** One measurement: its name, what it is in words, and how many bookings it takes. */
export interface Row {
  readonly name: string;
  readonly what: string;
  readonly full: number;
  readonly quick: number;
  readonly isLong?: boolean;
  /** Resolves to lines to be printed. */
  run(bookings: number): Promise<string[]>;
}

const usual = 'ABCDEFGHIJKLMNOPQRST'.split('').map((row) => ({ row, from: 1, to: 20 }));
const large = 'ABCDEFGHIJKLMNOPQRST'.split('').map((row) => ({ row, from: 1, to: 500 }));

type Rows = typeof usual;

/** Opens enough seats, and names them one after another: neighbours are in other sections. */
const sell = async (house: House, bookings: number, rows: Rows): Promise<(n: number) => Wanted> => {
  const seats = rows.flatMap(({ row, from, to }) =>
    Array.from({ length: to - from + 1 }, (_, n) => `${row}-${from + n}`),
  );
  const sections = Math.ceil(bookings / seats.length);
  const perShow = 20;
  for (let first = 0; first < sections; first += perShow) {
    await house.open(`show-${first / perShow}`, Math.min(perShow, sections - first), rows);
  }
  return (n) => {
    const section = n % sections;
    return {
      showId: `show-${Math.floor(section / perShow)}`,
      section: `s${section % perShow}`,
      seats: [seats[Math.floor(n / sections)] ?? ''],
    };
  };
};

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};
const keyOf = (n: number): string => `bench-${String(n).padStart(16, '0')}`;
const rounded = (value: number, digits = 0): string => value.toFixed(digits);

/** Keeps so many bookings under way until all have their tickets. */
const drive = (
  house: House,
  {
    from,
    to,
    window,
    book,
  }: { from: number; to: number; window: number; book: (n: number) => Promise<void> },
): Promise<void> =>
  new Promise((resolve, reject) => {
    let next = from;
    let ticketed = from;
    const one = (): void => {
      if (next < to) book(next++).catch(reject);
    };
    house.onTicket(() => {
      ticketed += 1;
      if (ticketed === to) resolve();
      else one();
    });
    for (let n = 0; n < window; n += 1) one();
  });

const throughput = async (
  bookings: number,
  {
    world = 'in-process',
    rows = usual,
    window = 1_000,
  }: { world?: World; rows?: Rows; window?: number } = {},
): Promise<string[]> => {
  const house = await openHouse(world);
  const warmUp = Math.ceil(bookings / 5);
  const wanted = await sell(house, bookings + warmUp, rows);
  const book = (n: number): Promise<void> => house.request(wanted(n), keyOf(n));
  await drive(house, { from: 0, to: warmUp, window, book });
  const [began, cpu] = [performance.now(), cpuMs()];
  await drive(house, { from: warmUp, to: warmUp + bookings, window, book });
  const [ms, cost] = [performance.now() - began, cpuMs() - cpu];
  await house.close();
  return [
    `  ${rounded((bookings / ms) * 1_000)} bookings/s, ` +
      `${rounded((cost / bookings) * 1_000)} µs CPU a booking, ${window} under way`,
  ];
};

const client = join(import.meta.dirname, 'client.ts');

/** What a client in a process of its own measures: it sends what it is told and waits for tickets. */
const byHttp = async (
  bookings: number,
  plan: { window: number } | { perSecond: number },
  world: World = 'in-process',
): Promise<string[]> => {
  const house = await openHouse(world);
  const warmUp = Math.ceil(bookings / 5);
  const wanted = await sell(house, bookings + warmUp, usual);
  const all = Array.from({ length: bookings + warmUp }, (_, n) => ({
    ...wanted(n),
    key: keyOf(n),
  }));
  const child = fork(client, { execArgv: process.execArgv });
  const [began, answer] = [
    cpuMs(),
    new Promise<{ perSecond: number; p50: number; p99: number }>((resolve, reject) => {
      child.once('message', (message) => resolve(message as never));
      child.once('exit', (code) => reject(new Error(`the client ended with ${code}`)));
    }),
  ];
  child.send({ url: house.url, all, warmUp, plan });
  const { perSecond, p50, p99 } = await answer;
  const cost = cpuMs() - began;
  await house.close();
  return [
    `  ${rounded(perSecond)} bookings/s, p50 ${rounded(p50, 1)} ms, p99 ${rounded(p99, 1)} ms from ` +
      `POST to ticketed, ${rounded((cost / all.length) * 1_000)} µs CPU a booking`,
  ];
};

/** Memory and cost over a long run, a line for each part of it. */
const flat = async (bookings: number): Promise<string[]> => {
  const house = await openHouse('in-process');
  const part = bookings / 10;
  const wanted = await sell(house, bookings + part, usual);
  const book = (n: number): Promise<void> => house.request(wanted(n), keyOf(n));
  const lines: string[] = [];
  for (let from = 0; from < bookings + part; from += part) {
    const [began, cpu] = [performance.now(), cpuMs()];
    await drive(house, { from, to: from + part, window: 500, book });
    const [ms, cost] = [performance.now() - began, cpuMs() - cpu];
    global.gc?.();
    const { heapUsed, rss } = process.memoryUsage();
    lines.push(
      `  ${from === 0 ? 'warm-up' : `to ${from}`}: ${rounded((part / ms) * 1_000)} bookings/s, ` +
        `${rounded((cost / part) * 1_000)} µs CPU a booking, heap ${rounded(heapUsed / 2 ** 20)} MiB, ` +
        `resident ${rounded(rss / 2 ** 20)} MiB`,
    );
  }
  await house.close();
  return lines;
};

export const rows: readonly Row[] = [
  {
    name: 'own',
    what: "Entered at the gateway's own function, the outside world in process:",
    full: 20_000,
    quick: 500,
    run: (bookings) => throughput(bookings),
  },
  {
    name: 'hot',
    what: 'The same, all in one section:',
    full: 7_500,
    quick: 500,
    run: (bookings) => throughput(bookings, { rows: large }),
  },
  {
    name: 'http',
    what: 'By HTTP, 200 customers who each wait for their ticket:',
    full: 10_000,
    quick: 500,
    run: (bookings) => byHttp(bookings, { window: 200 }),
  },
  {
    name: 'calm',
    what: 'By HTTP, at 100 bookings a second:',
    full: 3_000,
    quick: 200,
    run: (bookings) => byHttp(bookings, { perSecond: 100 }),
  },
  {
    name: 'real',
    what: 'By HTTP, with the pretend provider over HTTP and mails written:',
    full: 3_000,
    quick: 200,
    run: (bookings) => byHttp(bookings, { window: 100 }, 'real'),
  },
  {
    name: 'flat',
    what: '200,000 bookings, a tenth at a time:',
    full: 200_000,
    quick: 1_000,
    isLong: true,
    run: flat,
  },
];
