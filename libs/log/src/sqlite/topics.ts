import type { Log, TopicDeclaration } from '../log.ts';
import { mustBeDeclared, mustBeDeclaredAlike, mustHavePartitions } from '../declarations.ts';
import type { Database } from '@ensemble/sqlite';

/** The topics of a file. */
export interface Topics {
  readonly declare: Log['declare'];
  readonly names: () => string[];
  readonly find: (name: string) => Topic | undefined;
  /** @throws an error that says what to do if there is no such topic */
  readonly get: (name: string) => Topic;
}

export interface Topic {
  readonly id: number;
  readonly partitions: number;
  readonly compacted: boolean;
  /** The offset of the next record, by partition. */
  readonly ends: number[];
}

/** Reads all topics of a file as they stand there. */
export const topicsIn = (db: Pick<Database, 'prepare'>): (() => Map<string, Topic>) => {
  const selectAll = db.prepare('SELECT * FROM topics');
  const selectLast = db.prepare(
    'SELECT max(offset) AS offset FROM records WHERE topic = ? AND partition = ?',
  );
  const end = (id: number, partition: number): number => {
    const last = selectLast.get(id, partition)?.['offset'];
    return typeof last === 'number' ? last + 1 : 0;
  };
  return () =>
    new Map(
      selectAll.all().map((row): [string, Topic] => {
        const [id, count] = [Number(row['id']), Number(row['partitions'])];
        const ends = Array.from({ length: count }, (_, partition) => end(id, partition));
        const compacted = row['compacted'] === 1;
        return [String(row['name']), { id, partitions: count, compacted, ends }];
      }),
    );
};

/** Opens the topics of a file. */
export const openTopics = (db: Database, partitions: number): Topics => {
  const insert = db.prepare(
    `INSERT INTO topics (name, partitions, compacted) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  const read = topicsIn(db);
  const topics = new Map<string, Topic>();

  const load = (): void => {
    const loaded = read();
    topics.clear();
    for (const [name, topic] of loaded) topics.set(name, topic);
  };

  const add = ({ name, compacted = false }: TopicDeclaration): void => {
    const topic = topics.get(name);
    if (topic === undefined) return void insert.run(name, partitions, Number(compacted));
    mustHavePartitions(name, topic.partitions, partitions);
    mustBeDeclaredAlike(name, topic.compacted, compacted);
  };

  load();
  db.onRollback(load);

  return {
    names: () => [...topics.keys()].sort(),
    find: (name) => topics.get(name),
    get: (name) => mustBeDeclared(topics, name),
    async declare(declared) {
      await db.write(() => {
        declared.forEach(add);
        load();
      });
    },
  };
};
