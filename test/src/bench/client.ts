/** Customers in a process of their own: told what to book, they tell how long it took. */
import { Agent, type IncomingMessage, request } from 'node:http';
import process from 'node:process';

/** So many at a time, or so many a second; each waits for the ticket. */
export type Plan = { readonly window: number } | { readonly perSecond: number };

/** What customers are told. */
export interface Order {
  readonly url: string;
  readonly all: readonly { showId: string; section: string; seats: string[]; key: string }[];
  /** So many of them come first and are not measured. */
  readonly warmUp: number;
  /** A rush: so many a second, who do not wait and do not come again. */
  readonly plan: Plan | { readonly rush: number };
}

/** Of those who waited for their tickets: bookings a second, and milliseconds. */
export interface Took {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** How many were taken in, and how many were told to come again later. */
export interface Rushed {
  readonly accepted: number;
  readonly shed: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: 1_000 });

/** Asks for seats. */
const post = (
  url: string,
  { key, ...wanted }: Order['all'][number],
  more: Readonly<Record<string, string>> = {},
): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const body = JSON.stringify({
      ...wanted,
      customer: { name: 'Ada Lovelace', email: 'ada@example.org' },
      card: 'pm_card_visa',
    });
    const headers = {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      'Idempotency-Key': key,
      ...more,
    };
    const sent = request(`${url}/api/bookings`, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.once('end', () => resolve(response));
    });
    sent.once('error', reject);
    sent.end(body);
  });

/** Books and waits for the ticket; resolves to the milliseconds from request to answer. */
const book = async (url: string, one: Order['all'][number]): Promise<number> => {
  const began = performance.now();
  const { statusCode } = await post(url, one, { Prefer: 'wait=30' });
  if (statusCode !== 200) throw new Error(`expected 200, found ${statusCode}`);
  return performance.now() - began;
};

const inWindow = async ({ url, all }: Order, window: number): Promise<number[]> => {
  const took: number[] = [];
  let next = 0;
  const customer = async (): Promise<void> => {
    for (let one = all[next++]; one !== undefined; one = all[next++])
      took.push(await book(url, one));
  };
  await Promise.all(Array.from({ length: window }, customer));
  return took;
};

/** An open model: one comes when it comes, however long the others take. */
const atRate = <Result>(
  { all }: Order,
  perSecond: number,
  ask: (one: Order['all'][number]) => Promise<Result>,
): Promise<Result[]> => {
  const began = performance.now();
  return Promise.all(
    all.map(async (one, n) => {
      const wait = began + (n * 1_000) / perSecond - performance.now();
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, wait)));
      return ask(one);
    }),
  );
};

/** @throws unless each was taken in, or told when to come again */
const rush = async (order: Order, perSecond: number): Promise<Rushed> => {
  const answers = await atRate(order, perSecond, (one) => post(order.url, one));
  const accepted = answers.filter(({ statusCode }) => statusCode === 202).length;
  const shed = answers.filter(
    ({ statusCode, headers }) => statusCode === 503 && Number(headers['retry-after']) > 0,
  ).length;
  if (accepted + shed === answers.length) return { accepted, shed };
  const found = new Set(answers.map(({ statusCode }) => statusCode));
  throw new Error(`expected 202, or 503 with Retry-After, found ${[...found].join()}`);
};

const measure = async (order: Order, plan: Plan): Promise<Took> => {
  const { url, all, warmUp } = order;
  const play = (some: Order['all']): Promise<number[]> =>
    'window' in plan
      ? inWindow({ ...order, all: some }, plan.window)
      : atRate({ ...order, all: some }, plan.perSecond, (one) => book(url, one));
  await play(all.slice(0, warmUp));
  const began = performance.now();
  const took = (await play(all.slice(warmUp))).sort((a, b) => a - b);
  const perSecond = (took.length / (performance.now() - began)) * 1_000;
  const at = (share: number): number => took[Math.floor(took.length * share)] ?? NaN;
  return { perSecond, p50: at(0.5), p99: at(0.99) };
};

process.once('message', (message) => {
  const order = message as Order;
  const { plan } = order;
  const measured = 'rush' in plan ? rush(order, plan.rush) : measure(order, plan);
  measured.then(
    (found) => process.send?.(found, () => process.exit(0)),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
