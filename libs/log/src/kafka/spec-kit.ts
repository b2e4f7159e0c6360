import { type Admin, Kafka, logLevel, Partitioners, type Producer } from 'kafkajs';
import { gathering } from '../conformance/gather.ts';
import type { Bench } from '../conformance.ts';
import { kafkaLog, type KafkaLogOptions, type Trouble } from '../kafka.ts';

/** A place to try the log out on a real broker. */
export interface KafkaBench extends Bench {
  /** What the log told of, since the bench was opened. */
  readonly troubles: ReturnType<typeof gathering<Trouble>>;
  /** Why the log wanted the process to end. */
  readonly stuck: ReturnType<typeof gathering<string>>;
  /** Another process's log, as it were. */
  another(): KafkaBench;
  /** Does something as anybody may, past the log. */
  raw: <Result>(what: (raw: Raw) => Promise<Result>) => Promise<Result>;
  close(): Promise<void>;
}

/** kafkajs as it comes. */
export interface Raw {
  readonly kafka: Kafka;
  readonly admin: Admin;
  readonly producer: Producer;
}

export const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',');

const run = Date.now().toString(36);
let names = 0;

/** @param options what is not as in production */
export const kafkaBench = (options: Partial<KafkaLogOptions> = {}): KafkaBench => {
  const undos: (() => Promise<unknown>)[] = [];
  const troubles = gathering<Trouble>();
  const stuck = gathering<string>();
  const open = () =>
    kafkaLog({
      brokers,
      partitions: 4,
      clientId: 'spec',
      onStuck: (reason) => stuck.add(reason),
      onTrouble: (trouble) => troubles.add(trouble),
      ...options,
      limits: { pollMs: 50, commitMs: 20, ...options.limits },
    });
  let log = open();

  const bench: KafkaBench = {
    get log() {
      return log;
    },
    async reopen() {
      await log.close();
      log = open();
      return log;
    },
    name: (word) => `${word}-${run}-${(names += 1)}`,
    after: (undo) => void undos.push(undo),
    troubles,
    stuck,
    another() {
      const other = kafkaBench(options);
      bench.after(() => other.close());
      return other;
    },
    async raw(what) {
      const kafka = new Kafka({ brokers, clientId: 'raw', logLevel: logLevel.NOTHING });
      const [admin, producer] = [
        kafka.admin(),
        kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner }),
      ];
      await Promise.all([admin.connect(), producer.connect()]);
      try {
        return await what({ kafka, admin, producer });
      } finally {
        await Promise.all([admin.disconnect(), producer.disconnect()]);
      }
    },
    async close() {
      for (const undo of undos.splice(0).reverse()) await undo();
      await log.close();
    },
  };
  return bench;
};
