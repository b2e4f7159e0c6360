import { hash } from 'node:crypto';
import { deadLetterHeaders, deadTopic } from '@ensemble/choreography';
import { maxClockSkewMs } from '@ensemble/contracts';
import type { NewRecord } from '@ensemble/log';
import { until } from '@ensemble/start/until';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type EmbeddedSystem, system } from '../system.ts';
import { dated, hearers, isFor, newer, stranger, tolerated, unreadable } from './bad-records.ts';
import { type House, openHouse } from './house.ts';
import { textsTo } from './looking.ts';
import { requestFor } from './request.ts';

jest.setTimeout(60_000);

/** The dead letters that each service is to have, from bad records on `booking` and `seat`. */
let expected: ReadonlyMap<string, readonly NewRecord[]>;
let tested: EmbeddedSystem;
let house: House;
/** Zoe's request, from the future until this moment. */
const early = { id: '', readableAt: 0 };

const happened = (happening: string, labels: Record<string, string>): Promise<number> =>
  tested.metric('flow_happenings_total', { happening, ...labels });
const deathsOf = (service: string): Promise<number> => happened('dead', { service });
const mailTo = (name: string): Promise<boolean> =>
  until(`a mail to ${name}`, () => textsTo(tested.mails(), house.addressOf(name)).length === 1);

beforeAll(async () => {
  tested = await system();
  // Records that nobody can read, of a type that nobody knows, and of a version to come.
  tested.expects('dead letter', 'orphan publish', 'undeclared edge', 'version drift');
  await tested.start();
  house = await openHouse(tested, 'good');
  await openHouse(tested, 'upgraded');
  const ada = await house.books('Ada', ['A-1']);
  await ada.ends('ticketed');
  await tested.stop();

  const records = await tested.records();
  const reserved = records.filter(({ headers }) => headers['ce_type'] === 'seat.reserved');
  const bad = [requestFor('good', 'Eve'), ...reserved].flatMap((record) =>
    Object.values(unreadable).map((change) => change(record)),
  );
  const tooEarly = requestFor('good', 'Zoe', ['A-9']);
  early.id = tooEarly.headers['ce_id'] ?? '';
  early.readableAt = Date.now() + 2_000;
  bad.push(dated(early.readableAt + maxClockSkewMs)(tooEarly));
  expected = new Map(
    [...hearers(records)]
      .map(([service, hears]) => [service, bad.filter((record) => isFor(hears, record))] as const)
      .filter(([, letters]) => letters.length > 0),
  );
  await tested.append([
    ...bad,
    stranger(requestFor('good', 'Eve')),
    newer(requestFor('upgraded', 'Eve')),
    tolerated(requestFor('good', 'Tim', ['A-2'])),
  ]);
  await tested.start();
});
afterAll(() => tested[Symbol.asyncDispose]());

describe('a record put straight onto the log', () => {
  it('goes to the dead letters of each service that would hear it when it cannot be read', async () => {
    expect([...expected.keys()].toSorted()).toEqual(['notification', 'payment', 'seat', 'ticket']);
    for (const [service, letters] of expected) {
      const what = `${letters.length} dead letters of ${service}`;
      await until(what, async () => (await deathsOf(service)) === letters.length);
    }
  });

  it('is ignored and counted when its type is not known', async () => {
    for (const service of expected.keys()) {
      expect(await happened('ignored', { service, what: 'unknown' })).toBe(1);
    }
  });

  it('is parked when it is of a newer version', async () => {
    for (const service of expected.keys()) {
      expect(await tested.metric('flow_parked_streams', { service })).toBe(1);
      expect(await tested.metric('flow_parked_inputs', { service })).toBe(1);
    }
  });

  it('is taken for what it says when there is more in it than is known', () => mailTo('Tim'));

  it('holds nobody up: good bookings go on, all services live', async () => {
    const bob = await house.books('Bob', ['A-3']);
    await bob.ends('ticketed');
    for (const path of ['healthz', 'readyz']) {
      expect(await fetch(`${tested.urls.ops}/${path}`)).toMatchObject({ status: 200 });
    }
  });
});

describe('a redrive', () => {
  it('gives a running service its dead letters once more: what can be read by now is cured', async () => {
    await until('the time to come', () => Date.now() > early.readableAt);
    const { length } = expected.get('seat') ?? [];
    const done = await tested.command('redrive', 'seat');
    expect(done).toMatchObject({ code: 0, out: expect.stringContaining(`${length} redriven`) });
    await until('the others to die again', async () => (await deathsOf('seat')) === 2 * length - 1);
  });

  it('gives back one dead letter by its id', async () => {
    for (const service of ['payment', 'ticket', 'notification']) {
      const done = await tested.command('redrive', service, '--id', early.id);
      expect(done).toMatchObject({ code: 0, out: expect.stringContaining('1 redriven') });
    }
    await mailTo('Zoe');
  });

  it('works on a stopped system, with the bytes as they were', async () => {
    await tested.stop();
    const records = await tested.records();
    const bytes = ({ value }: Pick<NewRecord, 'value'>): string | null =>
      value && hash('sha256', value);
    for (const [service, letters] of expected) {
      const dead = records.filter(({ topic }) => topic === deadTopic(service));
      expect(new Set(dead.map(bytes))).toEqual(new Set(letters.map(bytes)));
      for (const { headers } of dead) expect(headers[deadLetterHeaders.reason]).toMatch(/\w+/);
    }
    const { length } = expected.get('notification') ?? [];
    const done = await tested.command('redrive', 'notification');
    expect(done).toMatchObject({ code: 0, out: expect.stringContaining(`${length - 1} redriven`) });
    await tested.start();
    const again = async (): Promise<boolean> => (await deathsOf('notification')) === length - 1;
    await until('them to die again', again);
  });
});
