import { deadLetterHeaders } from '@ensemble/choreography';
import type { LogRecord } from '@ensemble/log';
import type { Letters, LettersQuery } from '../flow/index.ts';
import type { AuditLog } from '../ledger/audit.ts';
import type { LedgerRecord, Search } from '../ledger/search.ts';
import type { DeadCommandView, DeadView, RecordView } from '../views.ts';
import { differencesOf } from './differences.ts';
import { revived } from './marked.ts';
import type { Mandate, PutBack } from './put-back.ts';

/** What died, and what a person makes of it. */
export interface Hospital {
  /** A page of the dead letters, as `show` shows their records. */
  letters(query: LettersQuery, show: (record: LedgerRecord) => RecordView): Promise<DeadView>;
  /** Gives the services these letters once more. */
  redrive(positions: readonly string[], mandate: Mandate): Promise<DeadCommandView>;
  /** Drops these letters: they stay on the log and in the ledger, and wait for nobody any more. */
  discard(positions: readonly string[], mandate: Mandate): Promise<DeadCommandView>;
}

const { topic, partition, offset, reason, came } = deadLetterHeaders;
const place = /^((.+)\.dead)\/(\d{1,6})\/(\d{1,15})$/;

const originOf = ({ headers }: LogRecord): string =>
  headers[came] === undefined
    ? [topic, partition, offset].map((name) => headers[name] ?? '?').join('/')
    : `to-do ${headers[came]}`;

/** Opens the hospital on a ledger. */
export const hospital = ({
  ledger,
  letters,
  putBack,
  now,
  discarded,
}: {
  ledger: Pick<Search, 'at'> & { readonly audit: AuditLog };
  letters: Pick<Letters, 'find'>;
  putBack: PutBack;
  now: () => number;
  /** Told of the position of each letter that was dropped. */
  discarded: (position: string) => void;
}): Hospital => {
  /** The letter at a position, and whose it is; undefined if none is there. */
  const letterAt = async (position: string) => {
    const [, name = '', service = '', of, at] = place.exec(position) ?? [];
    const record = await ledger.at(name, Number(of), Number(at));
    return record && { service, record };
  };
  const isDiscarded = async (about: string): Promise<boolean> =>
    (await ledger.audit.entries({ what: 'discard', about, limit: 1 })).length > 0;

  /** Does something to each letter, and says of those to which it could not be done why not. */
  const each = async (
    positions: readonly string[],
    what: 'redrive' | 'discard',
    { by, why }: Mandate,
    act: (id: string, letter: { service: string; record: LedgerRecord }) => Promise<void> | void,
  ): Promise<DeadCommandView> => {
    const done: string[] = [];
    const failed: { id: string; why: string }[] = [];
    for (const id of new Set(positions)) {
      const letter = await letterAt(id);
      if (letter === undefined) failed.push({ id, why: 'there is no such dead letter' });
      else if (await isDiscarded(id)) failed.push({ id, why: 'it was discarded before' });
      else {
        // First put down, then done: nothing is done that nobody answers for.
        await ledger.audit.write([{ at: now(), who: by, what, about: id, why }]);
        await act(id, letter);
        done.push(id);
      }
    }
    return { done, failed };
  };

  return {
    letters: async (query, show) => {
      const { letters: page, count, next } = letters.find(query);
      const shown = await Promise.all(
        page.map(async ({ position: id, service, at, type, bookingId }) => {
          const letter = await letterAt(id);
          // What the ledger has let go nobody can look at.
          if (letter === undefined) return [];
          const { record } = letter;
          const view = show(record);
          return [
            {
              id,
              service,
              at,
              type,
              bookingId,
              reason: view.headers[reason] ?? '',
              origin: originOf(record),
              record: view,
              differences: differencesOf(record),
            },
          ];
        }),
      );
      return { letters: shown.flat(), count, next };
    },
    redrive: (positions, mandate) =>
      each(positions, 'redrive', mandate, (_id, { service, record }) =>
        putBack([revived(service, record, mandate)]),
      ),
    discard: (positions, mandate) => each(positions, 'discard', mandate, discarded),
  };
};
