/** Customers in a process of their own: told what to book, they tell how long it took. */
import { Agent, request } from 'node:http';
import process from 'node:process';

interface Order {
  readonly url: string;
  readonly all: readonly { showId: string; section: string; seats: string[]; key: string }[];
  readonly warmUp: number;
  readonly plan: { readonly window: number } | { readonly perSecond: number };
}

const agent = new Agent({ keepAlive: true, maxSockets: 1_000 });

/** Books and waits for the ticket; resolves to the milliseconds from request to answer. */
const book = (url: string, { key, ...wanted }: Order['all'][number]): Promise<number> =>
  new Promise((resolve, reject) => {
    const began = performance.now();
    const body = JSON.stringify({
      ...wanted,
      customer: { name: 'Ada Lovelace', email: 'ada@example.org' },
      card: 'pm_card_visa',
    });
    const headers = {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      'Idempotency-Key': key,
      Prefer: 'wait=30',
    };
    const post = request(`${url}/api/bookings`, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.once('end', () => {
        if (response.statusCode === 200) resolve(performance.now() - began);
        else reject(new Error(`expected 200, found ${response.statusCode}`));
      });
    });
    post.once('error', reject);
    post.end(body);
  });

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
const atRate = async ({ url, all }: Order, perSecond: number): Promise<number[]> => {
  const began = performance.now();
  return Promise.all(
    all.map(async (one, n) => {
      const wait = began + (n * 1_000) / perSecond - performance.now();
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, wait)));
      return book(url, one);
    }),
  );
};

process.once('message', (message) => {
  const order = message as Order;
  const play = ({ all }: Pick<Order, 'all'>): Promise<number[]> =>
    'window' in order.plan
      ? inWindow({ ...order, all }, order.plan.window)
      : atRate({ ...order, all }, order.plan.perSecond);
  const measured = async (): Promise<void> => {
    await play({ all: order.all.slice(0, order.warmUp) });
    const began = performance.now();
    const took = (await play({ all: order.all.slice(order.warmUp) })).sort((a, b) => a - b);
    const perSecond = (took.length / (performance.now() - began)) * 1_000;
    const at = (share: number): number => took[Math.floor(took.length * share)] ?? NaN;
    process.send?.({ perSecond, p50: at(0.5), p99: at(0.99) }, () => process.exit(0));
  };
  measured().catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});
