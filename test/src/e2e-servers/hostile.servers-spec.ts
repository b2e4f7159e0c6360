import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import type { EventType } from '@ensemble/contracts';
import type { NewRecord } from '@ensemble/log';
import { until } from '@ensemble/start/until';
import { type KafkaCluster, kafkaCluster } from '@ensemble/testing/servers';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import kafkajs from 'kafkajs';
import { audit } from '../audit/audit.ts';
import { recordsOn } from '../audit/kafka.ts';
import { type Deployment, deployment } from '../deployment.ts';
import { hearers, isFor, stranger, tooLong, unreadable } from '../e2e/bad-records.ts';
import { type House, openHouse } from '../e2e/house.ts';
import { requestFor } from '../e2e/request.ts';
import { allowSnappy } from './snappy.ts';

jest.setTimeout(240_000);

const hostile = 10_000;
/** Good bookings come for so long, with and without hostile records beside them, in seconds. */
const spell = 20;
const perSecond = 20;
/** Seats are for these and two spells. */
const warmUp = 150;

let kafka: KafkaCluster;
let system: Deployment;
let house: House;
let seat = 0;

beforeAll(async () => {
  kafka = await kafkaCluster();
  const servers = { KAFKA_BROKERS: kafka.brokers.join() };
  system = await deployment({ servers, copies: 1 });
  system.expects('dead letter', 'orphan publish', 'undeclared edge', 'version drift');
  await system.start();
  house = await openHouse(system, 'good', 999);
  await openHouse(system, 'bad');
});
afterAll(async () => {
  await system?.[Symbol.asyncDispose]();
  await kafka?.stop();
});

/** Books a seat; resolves to how long it took until the ticket was there, in milliseconds. */
const timed = async (): Promise<number> => {
  const wish = house.wish('Ada', [`A-${(seat += 1)}`]);
  const began = performance.now();
  const { status } = await system.gateway.request(wish, `request-of-seat-${seat}`.padEnd(24, '-'), {
    waitSeconds: 20,
  });
  expect(status).toBe(200);
  return performance.now() - began;
};

/** Resolves at a moment: whoever comes, comes then, however long others take. */
const turn = (at: number): Promise<void> => pause(Math.max(0, at - performance.now()));

/** The 99th percentile of good bookings that come one after the other. */
const p99 = async (): Promise<number> => {
  const began = performance.now();
  const all = Array.from({ length: spell * perSecond }, async (_, n) => {
    await turn(began + (n * 1_000) / perSecond);
    return timed();
  });
  const took = (await Promise.all(all)).sort((a, b) => a - b);
  return took[Math.floor(took.length * 0.99) - 1] ?? Number.NaN;
};

/** What strangers put onto the log, each of its kind in turn; large ones are rare. */
const hostileRecords = (): NewRecord[] => {
  const { '1 MiB': _large, ...small } = unreadable;
  const kinds = [...Object.values(small), stranger];
  return Array.from({ length: hostile }, (_, n) => {
    const change = n % 1_000 === 0 ? tooLong(900_000) : kinds[n % kinds.length];
    return (change ?? stranger)(requestFor('bad', 'Eve'));
  });
};

const batch = 25;
/** Puts records past the services, as anybody could who reaches the broker, spread over a time. */
const put = async (
  records: readonly NewRecord[],
  { snappy, overMs = 0 }: { snappy: boolean; overMs?: number },
): Promise<void> => {
  allowSnappy();
  const client = new kafkajs.Kafka({
    brokers: [...kafka.brokers],
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const { DefaultPartitioner: createPartitioner } = kafkajs.Partitioners;
  const producer = client.producer({ createPartitioner });
  await producer.connect();
  const { Snappy, None } = kafkajs.CompressionTypes;
  const began = performance.now();
  for (let at = 0; at < records.length; at += batch) {
    await turn(began + (at / records.length) * overMs);
    const messages = records.slice(at, at + batch).map(({ key, value, headers }) => ({
      key: key ?? null,
      value: value === null ? null : Buffer.from(value),
      headers: { ...headers },
    }));
    await producer.send({ topic: 'booking', messages, compression: snappy ? Snappy : None });
  }
  await producer.disconnect();
};

const happened = (happening: string, service: string): Promise<number> =>
  system.metric('flow_happenings_total', { happening, service });

it('takes 10,000 hostile records to the dead letters while good bookings go on', async () => {
  for (let n = 0; n < warmUp; n += 1) await timed();
  const usual = await p99();

  const records = hostileRecords();
  const before = await recordsOn(kafka.brokers);
  const putting = Promise.all([
    put(records.slice(0, hostile / 2), { snappy: false, overMs: spell * 1_000 }),
    put(records.slice(hostile / 2), { snappy: true, overMs: spell * 1_000 }),
  ]);
  const [beside] = await Promise.all([p99(), putting]);
  const figures = [usual, beside].map((ms) => ms.toFixed(0));
  // A figure, not a verdict: a machine that tests is busy with other things too.
  process.stdout.write(`p99 of good bookings, in ms, without and with: ${figures.join(', ')}\n`);

  const heard = [...hearers(before)] as [string, readonly EventType[]][];
  let dead = 0;
  for (const [service, hears] of heard) {
    const wanted = records.filter((record) => isFor(hears, record) && !isStranger(record));
    dead += wanted.length;
    await until(
      `${wanted.length} dead letters of ${service}`,
      async () => (await happened('dead', service)) === wanted.length,
      60_000,
    );
  }
  expect(dead).toBeGreaterThan(hostile);
  const found = await recordsOn(kafka.brokers);
  expect(found.filter(({ topic }) => topic.endsWith('.dead'))).toHaveLength(dead);
  const ignored = records.filter(isStranger).length;
  expect(await happened('ignored', 'seat')).toBeGreaterThanOrEqual(ignored);

  for (const each of system.instancesOf()) {
    expect(await each.readiness()).toMatchObject({ status: 200 });
  }
  const charges = await system.provider.charges();
  expect(audit({ records: found, charges, mails: system.mails(), hostile: true })).toEqual([]);
});

it('takes what is good and compressed by snappy for what it says', async () => {
  await put([requestFor('bad', 'Tim', ['A-2'])], { snappy: true });
  await until('Tim to be told', () =>
    system.mails().some(({ headers }) => /tim@/.test(headers['to'] ?? '')),
  );
});

const isStranger = ({ headers }: NewRecord): boolean => headers['ce_type'] === 'booking.exploded';
