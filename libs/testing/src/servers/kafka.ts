import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { built } from './builds.ts';
import { admin, type NodePorts, type NodeSettings, propertiesOf, scramOf } from './kafka-node.ts';
import { kafkaBuild } from './needs.ts';
import { freePorts, host } from './ports.ts';
import { program, type ServerProcess } from './program.ts';

/** Apache Kafka in KRaft mode; every node is broker and controller. */
export interface KafkaCluster {
  /** `host:port` of each node, as clients are told: of a proxy where one stands before it. */
  readonly brokers: readonly string[];
  readonly nodes: readonly ServerProcess[];
  /** Passwords by user; empty where everybody may come. */
  readonly users: ReadonlyMap<string, string>;
  /** Ends every node, and removes the data unless their directory was given. */
  stop(): Promise<void>;
}

export interface KafkaOptions {
  readonly nodes?: 1 | 3;
  /** Where data are kept, and found again; by default in a place that is removed at the end. */
  readonly dir?: string | undefined;
  /** The port of each node. */
  readonly ports?: readonly number[] | undefined;
  /** The port of each node as clients are told it, of a proxy before it. */
  readonly advertised?: readonly number[] | undefined;
  /**
   * Users besides `admin`, or those of the services: they come by SASL (PLAIN or SCRAM, without
   * TLS), and may do nothing that no ACL allows them.
   */
  readonly sasl?: boolean | readonly string[];
}

const services = ['gateway', 'seat', 'payment', 'ticket', 'notification'];

/** Starts a cluster; resolves once every node serves. Nothing makes topics by itself. */
export const kafkaCluster = async (options: KafkaOptions = {}): Promise<KafkaCluster> => {
  const { nodes: count = 1, dir: kept, sasl = false } = options;
  const users = usersOf(sasl);
  const free = await freePorts(3 * count);
  const ports = Array.from({ length: count }, (_, index): NodePorts => {
    const [client = 0, broker = 0, controller = 0] = free.slice(3 * index);
    return { client: options.ports?.[index] ?? client, broker, controller };
  });
  const advertised = ports.map(({ client }, index) => options.advertised?.[index] ?? client);
  const classes = join(await built(kafkaBuild), 'libs', '*');
  const dir = kept ?? mkdtempSync(join(tmpdir(), 'ensemble-kafka-'));
  const clusterId = clusterIdIn(dir);

  const prepare = async (index: number): Promise<ServerProcess> => {
    const id = index + 1;
    const home = join(dir, `node-${id}`);
    const settings = { id, ports, dataDir: join(home, 'data'), advertised: advertised[index] ?? 0 };
    await format(
      classes,
      home,
      { ...settings, users: sasl === false ? undefined : users },
      clusterId,
    );
    const node = program({
      name: `Kafka's node ${id}`,
      command: 'java',
      args: [...flags(home, count), '-cp', classes, 'kafka.Kafka', join(home, 'server.properties')],
      log: join(home, 'log'),
      serves: 'Kafka Server started',
    });
    return { ...node, port: ports[index]?.client ?? 0 };
  };

  const nodes: ServerProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.stop(kept === undefined ? 'SIGKILL' : 'SIGTERM')));
    if (kept === undefined) rmSync(dir, { recursive: true, force: true });
  };
  try {
    nodes.push(...(await Promise.all(ports.map((_, index) => prepare(index)))));
    await Promise.all(nodes.map((node) => node.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return { brokers: advertised.map((port) => `${host}:${port}`), nodes, users, stop };
};

const usersOf = (sasl: boolean | readonly string[]): ReadonlyMap<string, string> => {
  if (sasl === false) return new Map();
  const names = [admin, ...(sasl === true ? services : sasl)];
  return new Map(names.map((name) => [name, `password-of-${name}`]));
};

/** Data belong to one cluster for ever. */
const clusterIdIn = (dir: string): string => {
  const file = join(dir, 'cluster-id');
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const id = randomBytes(16).toString('base64url');
  mkdirSync(dir, { recursive: true });
  writeFileSync(file, id);
  return id;
};

/** Quick to start and small, rather than quick after hours. */
const flags = (home: string, nodes: number): string[] => [
  nodes === 1 ? '-Xmx512m' : '-Xmx320m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-XX:-UsePerfData',
  `-Djava.io.tmpdir=${join(home, 'tmp')}`,
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
  '-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS',
  // Says that it serves.
  '-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info',
];

/** Makes the data directory of a node once, and its settings each time: ports may have changed. */
const format = async (
  classes: string,
  home: string,
  settings: NodeSettings,
  clusterId: string,
): Promise<void> => {
  const { dataDir, users = new Map() } = settings;
  const file = join(home, 'server.properties');
  mkdirSync(join(home, 'tmp'), { recursive: true });
  writeFileSync(file, propertiesOf(settings));
  if (existsSync(join(dataDir, 'meta.properties'))) return;
  // As one word: an id may begin with a dash.
  const cluster = `--cluster-id=${clusterId}`;
  const args = ['-cp', classes, 'kafka.tools.StorageTool', 'format', cluster, '-c', file];
  await promisify(execFile)('java', [...flags(home, 1), ...args, ...scramOf(users)]);
};
