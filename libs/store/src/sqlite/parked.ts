import type { Database } from '@ensemble/sqlite';
import type { ParkedRow, Rows } from './rows.ts';

/** Parked inputs. Of each only the row with the highest tries is ever asked for, or kept. */
export const parkedIn = (db: Database): Pick<Rows, 'park' | 'parked' | 'unpark'> => {
  const insert = db.prepare(
    `INSERT INTO parked (stream, id, sequence, tries, partition, body) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET sequence = excluded.sequence, tries = excluded.tries,
       partition = excluded.partition, body = excluded.body
     WHERE excluded.tries > tries`,
  );
  const select = db.prepareRows(
    `SELECT stream, id, sequence, tries, partition, body FROM parked
     WHERE partition = ? ORDER BY stream, sequence`,
  );
  const remove = db.prepare(
    `DELETE FROM parked WHERE stream = ? AND id = ? AND json_extract(body, '$.at') = ?`,
  );

  return {
    park: (inputs) => db.write(() => inputs.forEach((row) => insert.run(...row))),
    parked: (partition) => db.read(() => select<ParkedRow>(partition)),
    unpark: (inputs) => db.write(() => inputs.forEach((key) => remove.run(...key))),
  };
};
