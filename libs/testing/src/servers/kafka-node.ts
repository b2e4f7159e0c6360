import { host } from './ports.ts';

/** The listeners of a broker: for clients, for the other brokers, and for the controllers. */
export interface NodePorts {
  readonly client: number;
  readonly broker: number;
  readonly controller: number;
}

export interface NodeSettings {
  /** From 1. */
  readonly id: number;
  /** Those of every node, the first one's first. */
  readonly ports: readonly NodePorts[];
  readonly dataDir: string;
  /** Where clients are sent to find this node: a proxy before it, or itself. */
  readonly advertised: number;
  /** Who may come and by which password; everybody if it is not given. */
  readonly users?: ReadonlyMap<string, string> | undefined;
}

/** May do everything and give others their rights, where users are told apart. */
export const admin = 'admin';

/** The file `server.properties` of a node that is broker and controller at once. */
export const propertiesOf = ({ id, ports, dataDir, advertised, users }: NodeSettings): string => {
  const own = ports[id - 1];
  if (own === undefined) throw new Error(`expected ports of node ${id}, found ${ports.length}`);
  const copies = ports.length;
  const voters = ports.map(({ controller }, index) => `${index + 1}@${host}:${controller}`);
  const settings: Readonly<Record<string, string | number>> = {
    'node.id': id,
    'process.roles': 'broker,controller',
    'controller.quorum.voters': voters.join(),
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'BROKER',
    listeners:
      `CLIENT://${host}:${own.client},BROKER://${host}:${own.broker},` +
      `CONTROLLER://${host}:${own.controller}`,
    'advertised.listeners': `CLIENT://${host}:${advertised},BROKER://${host}:${own.broker}`,
    'listener.security.protocol.map':
      `CLIENT:${users === undefined ? 'PLAINTEXT' : 'SASL_PLAINTEXT'},` +
      'BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': dataDir,
    'auto.create.topics.enable': 'false',
    'default.replication.factor': copies,
    'min.insync.replicas': Math.min(2, copies),
    'offsets.topic.replication.factor': copies,
    'offsets.topic.num.partitions': 12,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': Math.min(2, copies),
    'group.initial.rebalance.delay.ms': 0,
    // After a kill it waits for its own former self to be given up: 9 s by default.
    ...(copies === 1 && {
      'broker.session.timeout.ms': 3_000,
      'broker.heartbeat.interval.ms': 500,
    }),
    // A small machine's: by default 128 MB are for cleaning logs.
    'log.cleaner.dedupe.buffer.size': 2 ** 24,
    ...(users === undefined ? {} : secured(users)),
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
};

/** Nobody but the admin may do anything until rights are given. */
const secured = (users: ReadonlyMap<string, string>): Readonly<Record<string, string>> => {
  const passwords = [...users].map(([name, password]) => `user_${name}="${password}"`).join(' ');
  const login = 'org.apache.kafka.common.security';
  return {
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'listener.name.client.plain.sasl.jaas.config': `${login}.plain.PlainLoginModule required ${passwords};`,
    ...Object.fromEntries(
      ['scram-sha-256', 'scram-sha-512'].map((mechanism) => [
        `listener.name.client.${mechanism}.sasl.jaas.config`,
        `${login}.scram.ScramLoginModule required;`,
      ]),
    ),
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    // The brokers come to each other as ANONYMOUS, which no client can.
    'super.users': `User:ANONYMOUS;User:${admin}`,
  };
};

/** The arguments that give users their passwords when a node is first made. */
export const scramOf = (users: ReadonlyMap<string, string>): string[] =>
  [...users].flatMap(([name, password]) =>
    [256, 512].flatMap((bits) => [
      '--add-scram',
      `SCRAM-SHA-${bits}=[name=${name},password=${password}]`,
    ]),
  );
