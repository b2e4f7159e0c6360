import type { Database } from '@ensemble/sqlite';
import type { Chain, Chains } from './chains.ts';

/** How long and how much is kept. */
export interface Keeping {
  /** By the log's time, in milliseconds. */
  readonly ageMs: number;
  /** In bytes, as the file's pages count. */
  readonly bytes: number;
}

export interface Cutting {
  /**
   * Cuts off what is older than is kept, and the oldest of what is more; what is left stays
   * verifiable. Resolves to the number of records that were cut off.
   */
  cut(keeping: Keeping, now: number): Promise<number>;
}

/** So that what is written meanwhile waits no longer than some milliseconds. */
const slice = 2_000;
/** Of what there is, so much goes at a time where there is too much. */
const share = 0.1;

/** Cuts a ledger at its old end. */
export const openCutting = (
  db: Database,
  chains: Chains,
  compacted: readonly string[],
): Cutting => {
  const youngFrom = db.prepare(
    'SELECT offset FROM records WHERE chain = ? AND offset >= ? AND timestamp >= ? ORDER BY offset LIMIT 1',
  );
  const sliceEnd = db.prepare(
    'SELECT offset FROM records WHERE chain = ? AND offset >= ? ORDER BY offset LIMIT 1 OFFSET ?',
  );
  const lastBefore = db.prepare(
    'SELECT hash FROM records WHERE chain = ? AND offset < ? ORDER BY offset DESC LIMIT 1',
  );
  const drop = db.prepare('DELETE FROM records WHERE chain = ? AND offset < ?');
  const dropGaps = db.prepare('DELETE FROM gaps WHERE chain = ? AND until <= ?');
  const size = db.prepare(
    `SELECT (p.page_count - f.freelist_count) * s.page_size AS bytes
     FROM pragma_page_count p, pragma_freelist_count f, pragma_page_size s`,
  );
  const count = db.prepare('SELECT count(*) AS records FROM records');
  const momentAt = db.prepare('SELECT timestamp FROM records ORDER BY timestamp LIMIT 1 OFFSET ?');

  /** Cuts one slice off a chain; how many records that were. */
  const cutChain = (place: Chain, before: number): number => {
    const chain = chains.of(place);
    const young = youngFrom.get(chain.id, chain.first, before)?.['offset'];
    const end = sliceEnd.get(chain.id, chain.first, slice)?.['offset'];
    const first = Math.min(Number(young ?? chain.next), Number(end ?? chain.next));
    const hash = lastBefore.get(chain.id, first)?.['hash'];
    if (!(hash instanceof Uint8Array)) return 0;
    const { changes } = drop.run(chain.id, first);
    dropGaps.run(chain.id, first);
    chains.save({ ...chain, first, before: hash });
    return Number(changes);
  };

  const cutBefore = async (moment: number): Promise<number> => {
    let records = 0;
    for (const chain of chains.all().filter(({ topic }) => !compacted.includes(topic))) {
      for (let cut = slice; cut === slice; records += cut) {
        cut = await db.write(() => cutChain(chain, moment));
      }
    }
    return records;
  };

  return {
    cut: async ({ ageMs, bytes }, now) => {
      let records = await cutBefore(now - ageMs);
      while (Number(size.get()?.['bytes']) > bytes) {
        const tenth = Math.ceil(Number(count.get()?.['records']) * share);
        const moment = momentAt.get(tenth)?.['timestamp'];
        const cut = moment === undefined ? 0 : await cutBefore(Number(moment));
        if (cut === 0) break;
        records += cut;
      }
      return records;
    },
  };
};
