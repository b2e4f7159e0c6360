import { setTimeout as pause } from 'node:timers/promises';
import { until } from '@ensemble/start/until';
import type { Chance } from '@ensemble/testing/stage';
import { kafkaRequests } from '@ensemble/testing/servers';
import kafkajs from 'kafkajs';
import type { Instance } from '../instance.ts';
import { services, type Setting, type World } from './world.ts';

/** Something that goes wrong. */
export interface Fault {
  readonly name: string;
  readonly setting: Setting;
  /** How often it is made in a full run. */
  readonly times: number;
  /** The longest pause that it may cause, in milliseconds. */
  readonly limitMs: number;
  /** Makes it once; resolves when what was lost is back. */
  strike(world: World, chance: Chance): Promise<void>;
}

/** Nobody hears of a member for so long before others take over: the adapter's default. */
const sessionMs = 10_000;
const serviceLimitMs = sessionMs + 5_000;
const serverLimitMs = 30_000;

const runningOf = ({ system }: World, app: string): Instance[] =>
  system.instancesOf(app).filter((each) => each.isRunning());
const one = (world: World, app: string, chance: Chance): Instance => {
  const found = chance.pick(runningOf(world, app));
  if (found === undefined) throw new Error(`expected ${app} to run`);
  return found;
};

const killed =
  (app: string): Fault['strike'] =>
  async (world, chance) => {
    const victim = one(world, app, chance);
    await victim.kill();
    await victim.start();
  };

const servers = {
  'kill-broker': async ({ kafka: { nodes } }: World): Promise<void> => {
    await nodes[0]?.kill('SIGKILL');
    await nodes[0]?.start();
  },
  'kill-database': async ({ mongo }: World): Promise<void> => {
    await mongo?.kill('SIGKILL');
    await mongo?.start();
  },
} as const;

/** Frozen until its session is over and others have its work; then it goes on as if nothing was. */
const zombie: Fault['strike'] = async (world, chance) => {
  const victim = one(world, chance.pick(services), chance);
  victim.pause();
  await pause(sessionMs + 3_000);
  victim.resume();
  await victim.ready();
};

const silence: Fault['strike'] = async ({ proxies }) => {
  for (const proxy of proxies) proxy.silence();
};

const produce = 0;
const answers = 3;
/** The broker has appended, and nobody is told. */
const cut: Fault['strike'] = async ({ proxies: [proxy] }) => {
  if (proxy === undefined) throw new Error('expected a proxy');
  const before = proxy.answersCut;
  proxy.cutAnswers(kafkaRequests(produce), answers);
  await until('answers to be cut', () => proxy.answersCut === before + answers);
};

/** One instance, three, one, and as many as there were. */
const scale: Fault['strike'] = async (world, chance) => {
  const app = chance.pick(['seat', 'payment', 'ticket', 'notification'] as const);
  const [first, second] = world.system.instancesOf(app);
  if (first === undefined || second === undefined) throw new Error(`expected two of ${app}`);
  const third = world.system.instancesOf(app)[2] ?? (await world.system.add(app));
  await second.stop();
  await Promise.all([second.start(), third.start()]);
  await Promise.all([first.stop(), third.stop()]);
  await first.start();
};

/** Every instance is started anew, one of each service at a time. */
const roll: Fault['strike'] = async (world) => {
  const rounds = Math.max(...services.map((app) => runningOf(world, app).length));
  for (let round = 0; round < rounds; round += 1) {
    await Promise.all(
      services.map(async (app) => {
        const each = world.system.instancesOf(app)[round];
        await each?.stop();
        await each?.start();
      }),
    );
  }
};

const killLeader: Fault['strike'] = async ({ kafka: { brokers, nodes } }) => {
  const kafka = new kafkajs.Kafka({
    brokers: [...brokers],
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const admin = kafka.admin();
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata({ topics: ['booking'] });
  await admin.disconnect();
  const leader = topics[0]?.partitions[0]?.leader ?? 0;
  const node = nodes[leader - 1];
  if (node === undefined) throw new Error(`expected the leader among the nodes, found ${leader}`);
  await node.kill('SIGKILL');
  await pause(sessionMs);
  await node.start();
};

const service = { times: 10, limitMs: serviceLimitMs };
const server = { times: 3, limitMs: serverLimitMs };

/** Everything that goes wrong, by stores; those of one setting beside each other. */
export const faultsOn = (stores: Setting['stores']): readonly Fault[] => {
  const setting: Setting = { stores, brokers: 1, proxied: false };
  const proxied: Setting = { ...setting, proxied: true };
  const lost: Fault[] = services.map((app) => ({
    ...service,
    setting,
    name: `kill-${app}`,
    strike: killed(app),
  }));
  const broker = { ...server, setting, name: 'kill-broker', strike: servers['kill-broker'] };
  const common: Fault[] = [
    ...lost,
    broker,
    { ...server, setting: proxied, name: 'silence', strike: silence },
    { ...service, setting: proxied, times: 3, name: 'cut-answers', strike: cut },
  ];
  if (stores === 'sqlite') return common;
  return [
    ...common,
    { ...server, setting, name: 'kill-database', strike: servers['kill-database'] },
    { ...service, setting, times: 3, name: 'zombie', strike: zombie },
    { ...service, setting, times: 1, name: 'scale', strike: scale },
    { ...service, setting, times: 1, name: 'roll', strike: roll },
    {
      ...server,
      setting: { ...setting, brokers: 3 },
      name: 'kill-leader',
      strike: killLeader,
    },
  ];
};
