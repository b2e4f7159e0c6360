import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { env } from 'node:process';
import { type Commit, type Store, StoreUnavailable } from '@ensemble/store';
import { commit, input, numbers, run, toDo } from '@ensemble/store/conformance';
import { type MongoStores, mongoStores } from '@ensemble/store/mongo';
import { mongoProtocol, type Picked, type TcpProxy, tcpProxy } from '@ensemble/testing/servers';
import { MongoClient } from 'mongodb';

const url = new URL(env['MONGODB_URL'] ?? 'mongodb://127.0.0.1:27017/');
const server = new MongoClient(url.href);
afterAll(() => server.close());

/** Requests of this command. */
const command =
  (name: string): Picked =>
  (request) =>
    request.includes(`\u0002${name}\u0000`);
const everything: Picked = () => true;
const nothing: Picked = () => false;

describe('a store on MongoDB', () => {
  let way: TcpProxy;
  let stores: MongoStores;
  let store: Store;
  let service: string;

  beforeEach(async () => {
    way = await tcpProxy(Number(url.port), mongoProtocol);
    await way.refuse();
    const through = new URL(url);
    through.host = `127.0.0.1:${way.port}`;
    through.search += `${through.search === '' ? '?' : '&'}w=1&readConcernLevel=local`;
    stores = mongoStores({ url: through.href });
    service = `faults-${randomUUID()}`;
    store = stores.open(service);
  });
  afterEach(async () => {
    await stores.end();
    await way.close();
    await server.db(`ensemble_${service}`).dropDatabase();
  });

  const unavailable = async (call: Promise<unknown>): Promise<void> => {
    const began = performance.now();
    await expect(call).rejects.toThrow(StoreUnavailable);
    expect(performance.now() - began).toBeLessThan(5_000);
  };

  /** Does it until it is done, as the runtime does. */
  const persist = async <Result>(task: () => Promise<Result>): Promise<Result> => {
    for (;;) {
      try {
        return await task();
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
      }
    }
  };

  /** Breaks the connection, after the server has done it, when so many of a command are answered. */
  const cutAnswersTo = (name: string, times: number): void => {
    way.cutAnswers(command(name), times);
  };

  const fact = { document: 'ada', id: '1', body: 'said' };
  const everyKind = (from = 1): Promise<unknown>[] => [
    store.append(run('seat-1', from, from + 2)),
    store.append(run('seat-2', from, from)),
    store.load('seat-1', 0),
    store.find('seat-1', 'cause-1'),
    store.snapshot('seat-1', 'seat@1'),
    store.saveSnapshot({ stream: 'seat-1', version: 1, table: 'seat@1', body: null }),
    store.file([toDo('charge')]),
    store.due({ partition: 1, before: 1, limit: 1 }),
    store.unfile(['charge']),
    store.park([input('seat-1', 'a')]),
    store.parked(1),
    store.unpark([input('seat-1', 'a')]),
    store.keep('bookings@1', [fact]),
    store.facts('bookings@1', 'ada'),
    store.once('secret', 'value'),
    store.known('secret'),
  ];

  it('waits for a server that is absent at start, and goes on when it comes', async () => {
    await Promise.all(everyKind().map(unavailable));
    await expect(store.load('seat-1', 0)).rejects.toThrow(
      /^The store ensemble_faults-\S+ on 127\.0\.0\.1:\d+ is unavailable: no primary answers/,
    );
    await way.accept();
    expect(await store.append(run('seat-1', 1, 2))).toBe(2);
    expect(await store.load('seat-1', 0)).toHaveLength(2);
  });

  it('goes on by itself after its connections broke', async () => {
    await way.accept();
    await store.append(run('seat-1', 1, 2));
    await way.refuse();
    await Promise.all(everyKind(3).map(unavailable));
    await way.accept();
    expect(await store.append(run('seat-1', 3, 4))).toBe(2);
    expect(await store.load('seat-1', 0)).toHaveLength(4);
  });

  it('does not wait for ever for a server that is silent', async () => {
    await way.accept();
    await store.append(run('seat-1', 1, 2));
    way.mute(everything);
    // The second ones wait behind the first; those that come later find nobody.
    await Promise.all([...everyKind(3), ...everyKind(3)].map(unavailable));
    await Promise.all(everyKind(3).map(unavailable));
    way.mute(nothing);
    expect(await persist(() => store.append(run('seat-1', 3, 4)))).toBe(2);
    expect(await store.load('seat-1', 0)).toHaveLength(4);
  });

  it('has stored what it could not answer any more, and knows it when asked again', async () => {
    await way.accept();
    await store.once('warm', 'up');
    const first = run('seat-1', 1, 3);
    cutAnswersTo('insert', 1);
    await unavailable(store.append(first));
    expect(await persist(() => store.append(first))).toBe(0);
    expect(await store.load('seat-1', 0)).toEqual(first);
    expect(await store.append(run('seat-1', 4, 4))).toBe(1);

    cutAnswersTo('insert', 1);
    await unavailable(store.once('secret', 'first'));
    expect(await persist(() => store.once('secret', 'second'))).toBe('first');

    cutAnswersTo('insert', 3);
    await unavailable(store.file([toDo('charge')]));
    await unavailable(store.park([input('seat-1', 'a')]));
    await unavailable(store.keep('bookings@1', [fact]));
    await store.file([toDo('charge')]);
    await store.park([input('seat-1', 'a')]);
    await store.keep('bookings@1', [fact]);
    expect(await store.due({ partition: 1, before: 10_000, limit: 9 })).toEqual([toDo('charge')]);
    expect(await store.parked(1)).toEqual([input('seat-1', 'a')]);
    expect(await store.facts('bookings@1', 'ada')).toEqual([fact]);

    cutAnswersTo('delete', 1);
    await unavailable(store.unfile(['charge']));
    await store.unfile(['charge']);
    expect(await store.due({ partition: 1, before: 10_000, limit: 9 })).toEqual([]);
  });

  it('leaves no gap and loses nothing when rivals race and every fourth answer is cut', async () => {
    await way.accept();
    await store.once('warm', 'up');
    const rival = stores.open(service);
    const streams = ['seat-1', 'seat-2'];
    const want = 6;
    /** Decides each cause once: what was stored by whomever is read, and built upon. */
    const work = async (own: Store, name: string, stream: string): Promise<void> => {
      let version = 0;
      let causes = numbers(want).map((n) => `${name}-${n}`);
      while (causes.length > 0) {
        const next = causes.slice(0, 1 + (causes.length % 3));
        const commits = next.map((cause, n) => commit(stream, version + 1 + n, cause));
        const stored = await persist(() => own.append(commits));
        version += stored;
        causes = causes.slice(stored);
        if (stored === next.length) continue;
        const news: Commit[] = await persist(() => own.load(stream, version));
        version += news.length;
        causes = causes.filter((cause) => !news.some((each) => each.cause === cause));
      }
    };
    let inserts = 0;
    way.cutAnswers((request) => command('insert')(request) && (inserts += 1) % 4 === 0);
    await Promise.all(
      streams.flatMap((stream) => [work(store, 'ada', stream), work(rival, 'bob', stream)]),
    );
    expect(inserts).toBeGreaterThan(9);
    for (const stream of streams) {
      const commits = await persist(() => store.load(stream, 0));
      expect(commits.map(({ version }) => version)).toEqual(numbers(2 * want).map((n) => n + 1));
      const causes = ['ada', 'bob'].flatMap((name) => numbers(want).map((n) => `${name}-${n}`));
      expect(commits.map(({ cause }) => cause).toSorted()).toEqual(causes.toSorted());
    }
  });

  it('stores of a run longer than a batch of the server nothing behind a conflict', async () => {
    await way.accept();
    const rival = stores.open(service);
    await store.append([commit('seat-1', 1, 'early')]);
    const long = run('seat-1', 2, 300);
    await rival.append(long.slice(0, 49));
    expect(await store.append(long)).toBe(0);
    const rest = run('seat-1', 51, 300);
    const behind = rest.map((each) => (each.version === 120 ? { ...each, cause: 'early' } : each));
    expect(await store.append(behind)).toBe(69);
    expect(await store.load('seat-1', 0)).toHaveLength(119);
  });

  it('asks for a majority and its journal, whatever the URL says', async () => {
    await way.accept();
    const seen: Buffer[] = [];
    way.cutAnswers((request) => {
      seen.push(request);
      return false;
    });
    await store.append(run('seat-1', 1, 1));
    await store.load('seat-1', 0);
    const newest = (picked: Picked): string => seen.findLast(picked)?.toString('latin1') ?? '';
    expect(newest(command('insert'))).toMatch(/w\0.{4}majority/s);
    expect(newest(command('find'))).toMatch(/level\0.{4}majority/s);
    expect(newest((request) => request.includes('retryWrites'))).toBe('');
  });

  it('lets one call’s mistake not be its neighbours’', async () => {
    await way.accept();
    const tooBig = commit('seat-2', 1, 'big', { heard: 'x'.repeat(17_000_000) });
    const [before, mistake, after] = [
      store.append(run('seat-1', 1, 1)),
      store.append([tooBig]),
      store.append(run('seat-3', 1, 1)),
    ];
    await expect(mistake).rejects.toThrow(/larger than/);
    await expect(mistake).rejects.not.toThrow(StoreUnavailable);
    expect([await before, await after]).toEqual([1, 1]);
  });

  it('does what is pending before it closes, takes nothing after it, and lets go', async () => {
    await way.accept();
    const pending = [store.append(run('seat-1', 1, 1)), store.file([toDo('charge')])];
    await store.close();
    expect(await Promise.all(pending)).toEqual([1, undefined]);
    await expect(store.append(run('seat-1', 2, 2))).rejects.toThrow(/it was closed/);
    await expect(store.load('seat-1', 0)).rejects.toThrow(StoreUnavailable);
    await stores.end();
    while (way.connections > 0) await new Promise((resolve) => setImmediate(resolve));
  });
});
