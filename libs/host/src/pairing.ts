import { randomUUID } from 'node:crypto';
import type { Log } from '@ensemble/log';
import type { Store } from '@ensemble/store';
import { CannotStart } from './cannot-start.ts';
import { readUntil } from './read-until.ts';

/**
 * The topic on which a log keeps, for ever, a name of its own (under the key `log`) and which store
 * belongs to each service: the first record under a key counts.
 */
export const pairsTopic = 'pairs';

/** The first value under each key. */
const firsts = async (log: Log): Promise<ReadonlyMap<string, string>> => {
  const found = new Map<string, string>();
  const ends = await log.ends([pairsTopic]);
  await readUntil(log, pairsTopic, ends, ({ key, value }) => {
    if (key !== null && !found.has(key)) found.set(key, Buffer.from(value ?? []).toString());
  });
  return found;
};

/** Writes the values under the keys that have none yet; resolves to those that stand. */
const once = async (
  log: Log,
  standing: ReadonlyMap<string, string>,
  values: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> => {
  const missing = [...values].filter(([key]) => !standing.has(key));
  if (missing.length === 0) return standing;
  const records = missing.map(([key, value]) => ({
    topic: pairsTopic,
    key,
    value: Buffer.from(value),
    headers: {},
  }));
  await log.append(records);
  return firsts(log);
};

/**
 * Holds a log and the stores of its services together. What a service has heard of a log is in its
 * store: with another store it would decide again what was decided, and with another log it would
 * take everything for decided.
 * @throws CannotStart if the log has known another store of a service, or a store another log
 */
export const pair = async (log: Log, stores: ReadonlyMap<string, Store>): Promise<void> => {
  await log.declare([{ name: pairsTopic }]);
  const standing = await once(log, await firsts(log), new Map([['log', randomUUID()]]));
  const logId = standing.get('log') ?? '';

  const own = new Map<string, string>();
  for (const [service, store] of stores) {
    const [known] = await store.known('paired-log');
    if (known !== undefined && known[1] !== logId) throw otherLog(service);
    own.set(service, await store.once('paired-store', randomUUID()));
  }
  const known = await once(log, standing, own);
  for (const [service, store] of stores) {
    if (known.get(service) !== own.get(service)) throw otherStore(service);
    await store.once('paired-log', logId);
  }
};

const otherLog = (service: string): CannotStart =>
  new CannotStart(
    `the store of ${service} was used with another log: expected the log that it began with. Set ` +
      'KAFKA_BROKERS and ENSEMBLE_DATA as they were then, or begin anew with empty stores',
  );

const otherStore = (service: string): CannotStart =>
  new CannotStart(
    `the log knows another store of ${service}: expected the one that ${service} began with. Set ` +
      'MONGODB_URL and ENSEMBLE_DATA as they were then. Several instances of a service share one ' +
      'store, on MongoDB; with a store in the data directory there is one instance',
  );
