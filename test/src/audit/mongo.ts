import { MongoClient } from 'mongodb';
import type { Kept, RawCommit, RawFact } from './evidence.ts';

/** What the services keep in their databases at a server of MongoDB's protocol. */
export const keptInMongo = async (url: string): Promise<Kept> => {
  const client = await MongoClient.connect(url);
  try {
    const { databases } = await client.db().admin().listDatabases({ nameOnly: true });
    const commits: RawCommit[] = [];
    const facts: RawFact[] = [];
    const parked: Record<string, number> = {};
    for (const { name } of databases) {
      const [, service] = /^ensemble_(.+)$/.exec(name) ?? [];
      if (service === undefined) continue;
      const db = client.db(name);
      for await (const { _id, stream, cause, body } of db.collection<Stored>('commits').find()) {
        const version = Number(_id.slice(_id.lastIndexOf('/') + 1));
        commits.push({ service, stream, cause, version, body: JSON.parse(body) });
      }
      parked[service] = await db.collection('parked').countDocuments();
      for (const { name: collection } of await db.listCollections().toArray()) {
        if (!collection.startsWith('facts.')) continue;
        const set = collection.slice('facts.'.length);
        for await (const { document, body } of db.collection<StoredFact>(collection).find()) {
          facts.push({ set, document, id: (JSON.parse(body) as { id: string }).id });
        }
      }
    }
    return { commits, facts, parked };
  } finally {
    await client.close();
  }
};

interface Stored {
  readonly _id: string;
  readonly stream: string;
  readonly cause: string;
  readonly body: string;
}
interface StoredFact {
  readonly _id: string;
  readonly document: string;
  readonly body: string;
}
