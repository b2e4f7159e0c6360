/**
 * Makes the topics of all services on Kafka, as they have to be, before anybody starts:
 * `npm run topics`. Those that are there are verified. Waits until Kafka is there.
 */
import process from 'node:process';
import {
  CannotStart,
  hostServices,
  openAdapters,
  readConfig,
  reasonOf,
  runCommand,
  systemClock as clock,
} from '@ensemble/host';
import { tables, topicsFor } from './tables.ts';

await runCommand(async () => {
  const config = readConfig(process.env);
  if (config.KAFKA_BROKERS === undefined) {
    throw new CannotStart(
      'There is nothing to do: only with KAFKA_BROKERS are there topics to make.',
    );
  }
  const wanted = topicsFor(tables(config));

  const warn = (what: string, error: unknown): void => console.warn(`${what} (${reasonOf(error)})`);
  const adapters = await openAdapters(config, { warn });
  const services = hostServices({
    adapters,
    clock,
    observe: (happening, { error }) => {
      if (happening === 'unavailable') warn('Waiting for Kafka', error);
    },
  });
  try {
    await services.insist('log', () => services.log.declare(wanted));
  } catch (cause) {
    throw new CannotStart(reasonOf(cause), { cause });
  }
  console.log(
    `${wanted.length} topics of ${config.PARTITIONS} partitions: ${wanted
      .map(({ name }) => name)
      .toSorted()
      .join(', ')}`,
  );
  await services.stop();
});
