import { afterAll } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { env } from 'node:process';
import { MongoClient } from 'mongodb';
import { storeConformance } from './conformance.ts';
import { mongoStores } from './mongo.ts';
import type { Store } from './store.ts';

const url = env['MONGODB_URL'] ?? '';
const server = new MongoClient(url);
afterAll(() => server.close());

storeConformance('mongodb', () => {
  const stores = mongoStores({ url });
  const service = `conformance-${randomUUID()}`;
  let store: Store;
  const open = async (): Promise<Store> => (store = stores.open(service));
  return {
    open,
    async reopen() {
      await store.close();
      return open();
    },
    async cleanup() {
      await store.close();
      await stores.end();
      await server.db(`ensemble_${service}`).dropDatabase();
    },
  };
});
