import { deadLetterHeaders, redriveTopic } from '@ensemble/choreography';
import type { Log, NewRecord } from '@ensemble/log';

/** Who has something done, and why; both stand beside what was done, for ever. */
export interface Mandate {
  /** The operator's name. */
  readonly by: string;
  readonly why: string;
}

/** Puts records on services' `.redrive` topics, and on no other. @throws NotOurs */
export type PutBack = (records: readonly NewRecord[]) => Promise<void>;

/** The monitor was about to say something of its own. */
export class NotOurs extends Error {
  readonly code = 'not-ours';
  override readonly name = 'NotOurs';
}

const { redriveOf, redriveBy, redriveWhy } = deadLetterHeaders;
const redrives = new RegExp(`^${redriveTopic('[a-z][a-z0-9-]*').replace('.', '\\.')}$`);

/**
 * The one place from which the monitor appends to the log: only what stood there before, only for one
 * service alone, and only in the name of a person.
 */
export const putBackOn =
  (log: Pick<Log, 'append'>): PutBack =>
  async (records) => {
    for (const { topic, headers } of records) {
      if (!redrives.test(topic)) {
        throw new NotOurs(`expected the .redrive topic of a service, found ${topic}`);
      }
      const missing = [redriveOf, redriveBy, redriveWhy].filter((name) => !headers[name]);
      if (missing.length > 0) {
        throw new NotOurs(`expected to be told ${missing.join(', ')} of what goes to ${topic}`);
      }
    }
    await log.append(records);
  };
