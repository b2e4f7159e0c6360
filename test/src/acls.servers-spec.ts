import { owners } from '@ensemble/contracts';
import type { Log, NewRecord } from '@ensemble/log';
import { kafkaLog } from '@ensemble/log/kafka';
import { applyAcls } from '@ensemble/log/kafka-acls';
import { until } from '@ensemble/start/until';
import { type KafkaCluster, kafkaCluster } from '@ensemble/testing/servers';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { openHouse } from './e2e/house.ts';
import { type Ended, type EmbeddedSystem, partitions, system } from './system.ts';

jest.setTimeout(120_000);

/** What each service may be given, as the flow in the README shows it. */
const heard = {
  gateway: ['booking', 'notification', 'payment', 'seat', 'section', 'ticket'],
  seat: ['booking', 'payment', 'section', 'ticket'],
  payment: ['booking', 'seat'],
  ticket: ['booking', 'payment'],
  notification: ['booking', 'payment', 'seat', 'ticket'],
} as const;
type Service = keyof typeof heard;
const services = Object.keys(heard) as Service[];
const nouns = Object.keys(owners).toSorted() as (keyof typeof owners)[];

let cluster: KafkaCluster;
let provider: EmbeddedSystem;
/** By user: the process of a service, or the place where somebody gives commands. */
const placeOf = new Map<string, EmbeddedSystem>();
const runs = (user: Service): EmbeddedSystem => placeOf.get(user)!;
const command = (user: string, ...words: [name: string, ...args: string[]]): Promise<Ended> =>
  placeOf.get(user)!.command(...words);

const passwordOf = (user: string): string => cluster.users.get(user) ?? '';

beforeAll(async () => {
  cluster = await kafkaCluster({ sasl: [...services, 'operator'] });
  provider = await system();
  for (const user of ['admin', 'operator', ...services]) {
    const env = {
      KAFKA_BROKERS: cluster.brokers.join(),
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_SASL_USERNAME: user,
      KAFKA_SASL_PASSWORD: passwordOf(user),
      STRIPE_API_URL: provider.urls.provider,
    };
    placeOf.set(user, await system({ env }));
  }
  expect(await command('admin', 'topics')).toMatchObject({ code: 0, err: '' });
  expect(await command('admin', 'acls', '--apply')).toMatchObject({ code: 0, err: '' });
  await Promise.all([
    provider.start('provider'),
    ...services.map((service) => runs(service).start(service)),
  ]);
  const house = await openHouse(runs('gateway'), 'lear');
  const booking = await house.books('Ada Lovelace', ['A-1']);
  await booking.ends('ticketed');
});

afterAll(async () => {
  await Promise.all([provider, ...placeOf.values()].map((each) => each[Symbol.asyncDispose]()));
  await cluster.stop();
});

/** Does something on the log as a user; hears of what went wrong there. */
const as = async <Result>(
  user: string,
  work: (log: Log) => Promise<Result>,
  trouble: (message: string) => void = () => undefined,
): Promise<Result> => {
  const log = kafkaLog({
    brokers: cluster.brokers,
    partitions,
    clientId: 'spec',
    sasl: { mechanism: 'plain', username: user, password: passwordOf(user) },
    onStuck: trouble,
    onTrouble: ({ message }) => trouble(message),
  });
  try {
    return await work(log);
  } finally {
    await log.close();
  }
};

/** What a user comes to who begins something on the log: what it gets first, or why it does not. */
const firstOf = async (
  user: string,
  begin: (log: Log, gets: (what: string) => void) => { stop(): Promise<void> },
): Promise<string> => {
  const first = Promise.withResolvers<string>();
  const work = async (log: Log): Promise<string> => {
    const begun = begin(log, first.resolve);
    const what = await first.promise;
    await begun.stop();
    return what;
  };
  return as(user, work, first.resolve);
};

const reading = (user: string, topic: string): Promise<string> =>
  firstOf(user, (log, gets) =>
    log.read({ topics: [topic], from: 'start', onRecords: () => gets('records') }),
  );

const joining = (user: string, group: string): Promise<string> =>
  firstOf(user, (log, gets) =>
    log.consume({
      group,
      topics: ['booking'],
      assigned: () => gets('partitions'),
      revoked: () => undefined,
      handle: async () => undefined,
    }),
  );

const sum = (offsets: readonly number[] = []): number =>
  offsets.reduce((all, each) => all + each, 0);

const records = (topic: string): Promise<number> =>
  as('admin', async (log) => sum((await log.ends([topic]))[topic]));

const garbage = (topic: string): NewRecord => ({
  topic,
  key: 'lear/stalls',
  value: Buffer.from('garbage'),
  headers: {},
});

describe('with a user for each service, who may do what its table says', () => {
  it('a booking goes through', async () => {
    const recipients = runs('notification')
      .mails()
      .map(({ headers }) => headers['to']);
    expect(recipients).toEqual([expect.stringContaining('ada@lear.example.org')]);
    for (const service of services) expect(runs(service).printed()).not.toMatch(/not authorized/i);
  });

  it.each(services)('%s cannot say what another one owns', async (service) => {
    const foreign = nouns.filter((noun) => owners[noun] !== service);
    const before = await Promise.all(foreign.map(records));
    const outcomes = await as(service, (log) =>
      Promise.allSettled(foreign.map((topic) => log.append([garbage(topic)]))),
    );
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { message: expect.stringContaining('Not authorized to access topics') },
      });
    }
    expect(await Promise.all(foreign.map(records))).toEqual(before);
  });

  it.each(services)('%s is given what it hears, and nothing else', async (service) => {
    const found = await Promise.all(nouns.map((noun) => reading(service, noun)));
    const given = nouns.filter((_, index) => found[index] === 'records');
    expect(given).toEqual(heard[service]);
    for (const what of found) expect(what).toMatch(/^records$|Not authorized to access topics/);
  });

  it.each(services)('%s cannot take part in the group of another one', async (service) => {
    const foreign = ['seat', 'payment', 'ticket', 'notification', 'gateway.bookings.v1'].filter(
      (group) => !group.startsWith(service),
    );
    const found = await Promise.all(foreign.map((group) => joining(service, group)));
    for (const what of found) expect(what).toMatch(/^The consumer of \S+ gave up \(.*group/);
  });

  it('gateway makes groups for its read models', async () => {
    expect(await joining('gateway', 'gateway.spec')).toBe('partitions');
  });

  it('gateway may ask how far seat is, and no other service', async () => {
    const heardBySeat = (user: string): Promise<number> =>
      as(user, async (log) => sum((await log.committed('seat', ['booking']))['booking']));
    await until('seat to have heard of a booking', async () => (await heardBySeat('gateway')) > 0);
    for (const user of ['payment', 'ticket', 'notification']) {
      await expect(heardBySeat(user)).rejects.toThrow('Failed to find group coordinator');
    }
  });

  it.each(services)('%s sees no letters of another one', async (service) => {
    const own = [`${service}.dead`, `${service}.redrive`];
    const seen = await as(service, (log) => log.topics());
    expect(seen).toEqual([...nouns, ...own, 'flow', 'pairs'].toSorted());
  });

  it('dead letters are put back by the operator, and by each service for itself', async () => {
    await as('admin', (log) => log.append([garbage('booking')]));
    const dies = (times: number): Promise<boolean> =>
      until('the letter to be dead', async () => (await records('seat.dead')) === times);
    await dies(1);
    expect(await command('operator', 'redrive', 'seat')).toMatchObject({
      code: 0,
      out: expect.stringContaining('seat: 1 redriven, 0 had been before'),
    });
    await dies(2);
    // Its process does it.
    expect(await command('seat', 'redrive', 'seat')).toMatchObject({
      code: 0,
      out: expect.stringContaining('seat: 1 redriven, 1 had been before'),
    });
    await dies(3);
    expect(await command('seat', 'redrive', 'payment')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/The system says no: .*"status":403.*Kafka refused/),
    });
    expect(await records('payment.redrive')).toBe(0);
  });
});

describe('npm run acls', () => {
  it('says what stands beside the tables, however often it is run', async () => {
    expect((await command('admin', 'acls', '--apply')).out).toMatch(/\n\d+ rules stand\.\n$/);
    await applyAcls(
      {
        brokers: cluster.brokers,
        clientId: 'spec',
        sasl: { mechanism: 'plain', username: 'admin', password: passwordOf('admin') },
      },
      [
        {
          principal: 'User:operator',
          resource: 'topic',
          name: 'book',
          pattern: 'prefixed',
          operations: ['Read'],
        },
      ],
    );
    const { out } = await command('admin', 'acls', '--apply');
    const [, undeclared] = out.split('come from no table');
    expect(undeclared?.split('\n').slice(1)).toEqual([
      '  User:operator ALLOW READ from host * on PREFIXED TOPIC book',
      '',
    ]);
  });

  it('gives nobody rights who may not', async () => {
    const { code, err } = await command('seat', 'acls', '--apply');
    expect([code, err]).toEqual([2, expect.stringContaining('Cluster authorization failed')]);
  });
});
