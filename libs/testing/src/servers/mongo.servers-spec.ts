import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { type MongoHandler, type MongoServer, mongoServer } from './mongo.ts';
import { postgresIsHere } from './postgres.ts';

const handlers: readonly MongoHandler[] = postgresIsHere() ? ['postgresql', 'sqlite'] : ['sqlite'];

describe.each(handlers)('a server of MongoDB’s protocol on %s', (handler) => {
  let server: MongoServer;
  beforeAll(async () => void (server = await mongoServer({ handler })), 240_000);
  afterAll(() => server.stop());

  const withGreetings = async <Result>(
    work: (greetings: ReturnType<typeof greetingsOf>) => Promise<Result>,
    serverSelectionTimeoutMS = 10_000,
  ): Promise<Result> => {
    const client = new MongoClient(server.url, { retryWrites: false, serverSelectionTimeoutMS });
    try {
      return await work(greetingsOf(client));
    } finally {
      await client.close();
    }
  };
  const greetingsOf = (client: MongoClient) =>
    client.db('ensemble').collection<{ _id: string }>('greetings');

  it('keeps a document under its id once', async () => {
    await withGreetings(async (greetings) => {
      await greetings.insertOne({ _id: 'hello' });
      await expect(greetings.insertOne({ _id: 'hello' })).rejects.toMatchObject({ code: 11000 });
    });
  });

  it('answers nothing while it is frozen, and all of it after', async () => {
    await withGreetings(async (greetings) => {
      await greetings.countDocuments();
      server.pause();
      const asked = greetings.countDocuments();
      const impatient = withGreetings((them) => them.countDocuments(), 500);
      await expect(impatient).rejects.toThrow('Server selection timed out after 500 ms');
      server.resume();
      expect(await asked).toBe(1);
    });
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'has its data, at the same place, after %s',
    async (end) => {
      await server.kill(end);
      await server.start();
      expect(await withGreetings((greetings) => greetings.countDocuments())).toBe(1);
    },
  );
});
