import type { ParkedInput, Store } from '../store.ts';
import type { Database } from '@ensemble/sqlite';

type Body = Pick<ParkedInput, 'at' | 'reason' | 'input'>;

interface Row {
  readonly stream: string;
  readonly id: string;
  readonly sequence: number;
  readonly tries: number;
  readonly body: string;
}

/** Parked inputs. Of each only the row with the highest tries is ever asked for, or kept. */
export const parkedIn = (db: Database): Pick<Store, 'park' | 'parked' | 'unpark'> => {
  const insert = db.prepare(
    `INSERT INTO parked (stream, id, sequence, tries, partition, body) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET sequence = excluded.sequence, tries = excluded.tries,
       partition = excluded.partition, body = excluded.body
     WHERE excluded.tries > tries`,
  );
  const select = db.prepare(
    `SELECT stream, id, sequence, tries, body FROM parked
     WHERE partition = ? ORDER BY stream, sequence`,
  );
  const remove = db.prepare('DELETE FROM parked WHERE stream = ? AND id = ?');

  return {
    async park(inputs) {
      const rows = inputs.map(({ stream, id, sequence, tries, partition, ...body }) => {
        const text = JSON.stringify(body satisfies Body);
        return [stream, id, sequence, tries, partition, text] as const;
      });
      await db.write(() => rows.forEach((row) => insert.run(...row)));
    },
    parked: (partition) =>
      db.read(() => {
        const rows = select.all(partition) as unknown as Row[];
        return rows.map(({ body, ...row }) => ({
          ...row,
          partition,
          ...(JSON.parse(body) as Body),
        }));
      }),
    async unpark(inputs) {
      await db.write(() => inputs.forEach(({ stream, id }) => remove.run(stream, id)));
    },
  };
};
