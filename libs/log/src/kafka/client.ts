import { Kafka, logLevel, type RetryOptions, type SASLOptions } from 'kafkajs';
import './request-queue.ts';
import type { Settings } from './settings.ts';
import { openSockets, type Sockets } from './sockets.ts';

/** A kafkajs of its own for one purpose: what it keeps between calls is shared with nobody. */
export interface Client extends Pick<Sockets, 'drop' | 'close'> {
  readonly kafka: Kafka;
  /** A broker did not answer in time: it may be there, but this connection to it is not. */
  readonly silent: (event: { payload: { broker: string } }) => void;
}

/**
 * Few and short: who calls the log repeats what failed, and a fresh client does better than a
 * patient one. kafkajs takes other defaults where NODE_ENV is `test`, so each is given.
 */
export const retry: RetryOptions = {
  retries: 2,
  initialRetryTime: 100,
  maxRetryTime: 1_000,
  factor: 0.2,
  multiplier: 2,
};

export const openClient = ({
  brokers,
  clientId,
  ssl,
  sasl,
  limits,
  onTrouble,
}: Settings): Client => {
  const sockets = openSockets();
  const kafka = new Kafka({
    brokers: [...brokers],
    clientId,
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl: sasl as SASLOptions }),
    connectionTimeout: limits.connectMs,
    authenticationTimeout: limits.connectMs,
    requestTimeout: limits.requestMs,
    enforceRequestTimeout: true,
    socketFactory: sockets.factory,
    retry,
    // What matters is told by events and rejections.
    logLevel: logLevel.NOTHING,
    logCreator: () => () => {},
  });
  return {
    kafka,
    drop: sockets.drop,
    close: sockets.close,
    silent({ payload: { broker } }) {
      const message = `${broker} did not answer within ${limits.requestMs} ms`;
      sockets.drop(broker, message);
      onTrouble({ kind: 'silent', message });
    },
  };
};
