import {
  deadLetterHeaders,
  deadTopic,
  positionOfRecord,
  redriveTopic,
} from '@ensemble/choreography';
import type { LogRecord } from '@ensemble/log';
import type { AuditLog } from '../ledger/audit.ts';
import type { LedgerRecord, Search } from '../ledger/search.ts';
import type { DeadCommandView, DeadLetterView, RecordView } from '../views.ts';
import { differencesOf } from './differences.ts';
import { revived } from './marked.ts';
import type { Mandate, PutBack } from './put-back.ts';

/** What died, and what a person makes of it. */
export interface Hospital {
  /** The dead letters of a service, or of all, the newest first. */
  letters(options: {
    readonly services: readonly string[];
    readonly show: (record: LedgerRecord) => RecordView;
    /** Also those that were redriven or discarded. */
    readonly isAll?: boolean;
  }): Promise<readonly DeadLetterView[]>;
  /** How many wait for somebody. */
  count(services: readonly string[]): Promise<number>;
  /** Gives the services these letters once more. */
  redrive(positions: readonly string[], mandate: Mandate): Promise<DeadCommandView>;
  /** Drops these letters: they stay on the log and in the ledger, and wait for nobody any more. */
  discard(positions: readonly string[], mandate: Mandate): Promise<DeadCommandView>;
}

/** Of each service; who has more of them has another problem than each of them. */
const lettersAtMost = 1_000;

const { topic, partition, offset, reason, came, redriveOf } = deadLetterHeaders;
const place = /^(.+)\.dead\/(\d{1,6})\/(\d{1,15})$/;

const originOf = ({ headers }: LogRecord): string =>
  headers[came] === undefined
    ? [topic, partition, offset].map((name) => headers[name] ?? '?').join('/')
    : `to-do ${headers[came]}`;

/** Opens the hospital on a ledger. */
export const hospital = ({
  ledger,
  putBack,
  now,
  discarded,
}: {
  ledger: Search & { readonly audit: AuditLog };
  putBack: PutBack;
  now: () => number;
  /** Told of the position of each letter that was dropped. */
  discarded: (position: string) => void;
}): Hospital => {
  const newest = async (name: string, limit: number): Promise<readonly LedgerRecord[]> =>
    (await ledger.search({ topic: name, limit })).records;

  /** The letters of a service, each with what became of it. */
  const lettersOf = async (service: string) => {
    const [dead, back, dropped] = await Promise.all([
      newest(deadTopic(service), lettersAtMost),
      newest(redriveTopic(service), 10 * lettersAtMost),
      ledger.audit.entries({ what: 'discard', limit: 10 * lettersAtMost }),
    ]);
    const redriven = new Set(back.map(({ headers }) => headers[redriveOf]));
    const discards = new Set(dropped.map(({ about }) => about));
    return dead.map((record) => {
      const id = positionOfRecord(record);
      const state = redriven.has(id) ? 'redriven' : discards.has(id) ? 'discarded' : 'dead';
      return { id, service, record, state } as const;
    });
  };
  const allLetters = async (services: readonly string[]) =>
    (await Promise.all(services.map(lettersOf))).flat();

  /** Does something to each letter, and says of those to which it could not be done why not. */
  const each = async (
    positions: readonly string[],
    what: 'redrive' | 'discard',
    { by, why }: Mandate,
    act: (letter: Awaited<ReturnType<typeof lettersOf>>[number]) => Promise<void> | void,
  ): Promise<DeadCommandView> => {
    const services = new Set(positions.flatMap((id) => place.exec(id)?.[1] ?? []));
    const known = new Map((await allLetters([...services])).map((letter) => [letter.id, letter]));
    const done: string[] = [];
    const failed: { id: string; why: string }[] = [];
    for (const id of positions) {
      const letter = known.get(id);
      if (letter === undefined) failed.push({ id, why: 'there is no such dead letter' });
      else if (letter.state === 'discarded') failed.push({ id, why: 'it was discarded before' });
      else {
        // First put down, then done: nothing is done that nobody answers for.
        await ledger.audit.write([{ at: now(), who: by, what, about: id, why }]);
        await act(letter);
        done.push(id);
      }
    }
    return { done, failed };
  };

  return {
    letters: async ({ services, show, isAll = false }) => {
      const letters = (await allLetters(services)).filter(({ state }) => isAll || state === 'dead');
      return letters
        .toSorted((one, other) => other.record.timestamp - one.record.timestamp)
        .map(({ record, ...letter }) => ({
          ...letter,
          at: record.timestamp,
          reason: record.headers[reason] ?? '',
          origin: originOf(record),
          type: record.headers['ce_type'] ?? record.headers[came] ?? null,
          bookingId: record.headers['ce_correlationid'] ?? null,
          record: show(record),
          differences: differencesOf(record),
        }));
    },
    count: async (services) =>
      (await allLetters(services)).filter(({ state }) => state === 'dead').length,
    redrive: (positions, mandate) =>
      each(positions, 'redrive', mandate, ({ service, record }) =>
        putBack([revived(service, record, mandate)]),
      ),
    discard: (positions, mandate) => each(positions, 'discard', mandate, ({ id }) => discarded(id)),
  };
};
