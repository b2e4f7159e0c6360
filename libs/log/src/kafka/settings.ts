import type { ConnectionOptions } from 'node:tls';

/** How a log reaches Kafka, and what it is told to expect there. */
export interface KafkaLogOptions {
  /** `host:port` of one broker or more; the others are found by asking these. */
  readonly brokers: readonly string[];
  /** Partitions of every topic. */
  readonly partitions: number;
  /** Names this process in the broker's own log and quotas. */
  readonly clientId: string;
  /** TLS: true by the system's authorities, or how. Default: none. */
  readonly ssl?: boolean | ConnectionOptions;
  /** Who we are. Default: nobody in particular. */
  readonly sasl?: Sasl;
  /** Copies of every topic. Default: the broker's, unverified. */
  readonly replication?: number;
  /** Copies that must have a record before it is acknowledged. Default: the broker's, unverified. */
  readonly minInSync?: number;
  /**
   * How topics are stored, whatever a producer sends. Default: uncompressed. Measured on two cores
   * at 2,000 records a second over 36 partitions: the median from append to handler was 4 ms
   * uncompressed and 50 ms by gzip, which the broker and we spend on many small batches.
   */
  readonly compression?: 'uncompressed' | 'gzip';
  /**
   * The log makes no progress although Kafka answers, and cannot help itself: the process must end
   * and be started anew. Called again as long as it is so.
   */
  readonly onStuck: (reason: string) => void;
  /** Something went wrong that the log deals with by itself; to be counted and logged. */
  readonly onTrouble?: (trouble: Trouble) => void;
  /** Limits, in milliseconds unless they say otherwise; the defaults are for production. */
  readonly limits?: Partial<Limits>;
}

/** A user and a password, and how they are shown to the broker. */
export interface Sasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/** What went wrong. */
export interface Trouble {
  /**
   * - `silent`: a broker did not answer in time, its connections were cut
   * - `crashed`: kafkajs gave up, a fresh client takes over
   * - `refused`: an offset was not committed, what follows it comes again
   * - `moved`: records were expected at another offset, so they came again or were gone
   * - `uneven`: members of a group hear different topics
   * - `away`: Kafka could not be asked for something that is asked again later
   */
  readonly kind: 'silent' | 'crashed' | 'refused' | 'moved' | 'uneven' | 'away';
  readonly message: string;
  readonly cause?: unknown;
}

export interface Limits {
  /** A member that is not heard of for so long loses its partitions. */
  readonly sessionMs: number;
  /** A member says so often that it lives. */
  readonly heartbeatMs: number;
  /** Members have so long to join when the partitions are shared out anew. */
  readonly rebalanceMs: number;
  /** A broker without news answers after so long; so late is known who joins and leaves. */
  readonly pollMs: number;
  /** A broker that does not answer for so long has its connections cut; also the limit of a call. */
  readonly requestMs: number;
  readonly connectMs: number;
  /** Between two commits of what is done. */
  readonly commitMs: number;
  /** The next fetch waits for the handlers of the last one, at most so long. */
  readonly holdMs: number;
  /** What is in flight when a partition is taken away has so long to end. */
  readonly drainMs: number;
  /** Until kafkajs must have closed; then its sockets are cut. */
  readonly closeMs: number;
  /** How long nothing may arrive that is there, before the process must end. */
  readonly stuckMs: number;
  /** Between two looks for topics that are new. */
  readonly lookMs: number;
  /** Between two questions for the ends of topics; those who ask meanwhile share the answer. */
  readonly askMs: number;
  /** Records of a topic and partition that wait for a slow handler before fetching pauses. */
  readonly waitingRecords: number;
  /** Bytes of one partition fetched at once. */
  readonly fetchBytes: number;
  /** Bytes sent at once; a record that is larger goes alone. */
  readonly sendBytes: number;
  /** The largest record, with its key and headers, in bytes. */
  readonly recordBytes: number;
}

export const production: Limits = {
  sessionMs: 10_000,
  heartbeatMs: 1_000,
  rebalanceMs: 10_000,
  pollMs: 250,
  requestMs: 5_000,
  connectMs: 5_000,
  commitMs: 100,
  holdMs: 10,
  drainMs: 3_000,
  closeMs: 2_000,
  stuckMs: 60_000,
  lookMs: 1_000,
  askMs: 20,
  waitingRecords: 1_024,
  fetchBytes: 256 * 1024,
  sendBytes: 512 * 1024,
  recordBytes: 1024 * 1024,
};

/** Options with the defaults filled in, as the parts of the adapter share them. */
export interface Settings extends Omit<KafkaLogOptions, 'limits' | 'onTrouble' | 'compression'> {
  readonly compression: 'uncompressed' | 'gzip';
  readonly onTrouble: (trouble: Trouble) => void;
  readonly limits: Limits;
}

export const settingsOf = (options: KafkaLogOptions): Settings => ({
  ...options,
  compression: options.compression ?? 'uncompressed',
  onStuck: apart(options.onStuck),
  onTrouble: apart(options.onTrouble ?? (() => {})),
  limits: { ...production, ...options.limits },
});

/** What a listener throws must not reach kafkajs, in whose turn it may be called. */
const apart =
  <Told>(listen: (told: Told) => void) =>
  (told: Told): void =>
    queueMicrotask(() => listen(told));
