import type { Log } from '@ensemble/log';
import { kafkaLog, type KafkaLogOptions, type Trouble } from '@ensemble/log/kafka';
import { type Bench, gathering } from '@ensemble/log/conformance';
import {
  freePorts,
  type KafkaCluster,
  kafkaCluster,
  type KafkaOptions,
  type TcpProxy,
  tcpProxy,
} from '@ensemble/testing/servers';

/** One broker, and the only way to it. */
export interface Behind {
  readonly cluster: KafkaCluster;
  readonly proxy: TcpProxy;
  stop(): Promise<void>;
}

/** Starts a broker behind a proxy. */
export const brokerBehindProxy = async (options: KafkaOptions = {}): Promise<Behind> => {
  const [port = 0] = await freePorts(1);
  const proxy = await tcpProxy(port);
  const cluster = await kafkaCluster({ ...options, ports: [port], advertised: [proxy.port] });
  return {
    cluster,
    proxy,
    async stop() {
      await stopAtOnce(cluster);
      await proxy.close();
    },
  };
};

/** Nobody needs what it would write down to end in order. */
export const stopAtOnce = async (cluster: KafkaCluster): Promise<void> => {
  await Promise.all(cluster.nodes.map((node) => node.stop('SIGKILL')));
  await cluster.stop();
};

/** A log to be tried out, and what it told of. */
export interface Trial extends Bench {
  readonly troubles: ReturnType<typeof gathering<Trouble>>;
  readonly stuck: ReturnType<typeof gathering<string>>;
  close(): Promise<void>;
}

let names = 0;

/** Opens a log, with limits short enough to be waited for. */
export const trial = (
  options: Partial<KafkaLogOptions> & { brokers: readonly string[] },
): Trial => {
  const undos: (() => Promise<unknown>)[] = [];
  const troubles = gathering<Trouble>();
  const stuck = gathering<string>();
  const open = (): Log =>
    kafkaLog({
      partitions: 4,
      clientId: 'trial',
      onStuck: (reason) => stuck.add(reason),
      onTrouble: (trouble) => troubles.add(trouble),
      ...options,
      limits: {
        pollMs: 100,
        commitMs: 20,
        sessionMs: 6_000,
        heartbeatMs: 500,
        requestMs: 2_000,
        connectMs: 2_000,
        ...options.limits,
      },
    });
  let log = open();
  return {
    get log() {
      return log;
    },
    async reopen() {
      await log.close();
      log = open();
      return log;
    },
    name: (word) => `${word}-${(names += 1)}`,
    after: (undo) => void undos.push(undo),
    troubles,
    stuck,
    async close() {
      for (const undo of undos.splice(0).reverse()) await undo();
      await log.close();
    },
  };
};

/** Calls until it succeeds, as the runtime does: a rejection is an unknown outcome. */
export const persist = async <Result>(
  call: () => Promise<Result>,
  rejected: (reason: unknown) => void = () => {},
): Promise<Result> => {
  for (;;) {
    try {
      return await call();
    } catch (reason) {
      rejected(reason);
    }
  }
};
