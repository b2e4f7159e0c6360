import { join } from 'node:path';
import {
  freePorts,
  type KafkaCluster,
  kafkaCluster,
  type MongoServer,
  mongoServer,
  type TcpProxy,
  tcpProxy,
} from '@ensemble/testing/servers';
import type { Accepted, Evidence, Kept } from '../audit/evidence.ts';
import { recordsOn } from '../audit/kafka.ts';
import { keptInMongo } from '../audit/mongo.ts';
import { keptInSqlite } from '../audit/sqlite.ts';
import { type Deployment, deployment } from '../deployment.ts';

/** Where things go wrong: servers, what runs on them, and the way between. */
export interface World {
  readonly system: Deployment;
  readonly kafka: KafkaCluster;
  /** The database; none where stores are files. */
  readonly mongo: MongoServer | undefined;
  /** One before each broker, where the setting has them. */
  readonly proxies: readonly TcpProxy[];
  /** What the system has left behind so far. */
  evidence(accepted: readonly Accepted[]): Promise<Evidence>;
  close(): Promise<void>;
}

/** What a world is made of. */
export interface Setting {
  readonly stores: 'mongo' | 'sqlite';
  readonly brokers: 1 | 3;
  /** Whether brokers are reached by proxies, which cost this process much of its time. */
  readonly proxied: boolean;
}

export const services = ['seat', 'payment', 'ticket', 'notification', 'gateway'] as const;

/** Starts servers and the system on them: two instances of each service, one where stores are files. */
export const openWorld = async ({ stores, brokers, proxied }: Setting): Promise<World> => {
  const closing: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closing.toReversed()) await end();
  };
  try {
    const ports = await freePorts(brokers);
    const proxies = await Promise.all(proxied ? ports.map((port) => tcpProxy(port)) : []);
    closing.push(async () => void (await Promise.all(proxies.map((proxy) => proxy.close()))));
    const advertised = proxied ? proxies.map(({ port }) => port) : ports;
    const kafka = await kafkaCluster({ nodes: brokers, ports, advertised });
    closing.push(() => kafka.stop());
    const mongo = stores === 'mongo' ? await mongoServer() : undefined;
    if (mongo !== undefined) closing.push(() => mongo.stop());
    const system = await deployment({
      servers: {
        KAFKA_BROKERS: kafka.brokers.join(),
        ...(mongo && { MONGODB_URL: mongo.url }),
      },
      copies: stores === 'mongo' ? 2 : 1,
    });
    // Whoever is killed answers late.
    system.expects('late', 'missing reaction');
    closing.push(() => system[Symbol.asyncDispose]());
    // Who was killed or frozen answers when it is back.
    system.expects('late');
    await system.start();

    const kept = async (): Promise<Kept> => {
      if (mongo !== undefined) return keptInMongo(mongo.url);
      const files = services.map((service) => {
        const [only] = system.instancesOf(service);
        return [service, join(only?.data ?? '', `${service}.sqlite`)] as const;
      });
      return keptInSqlite(Object.fromEntries(files));
    };
    return {
      system,
      kafka,
      mongo,
      proxies,
      evidence: async (accepted) => ({
        records: await recordsOn(kafka.brokers),
        charges: await system.provider.charges(),
        kept: await kept(),
        mails: system.mails(),
        accepted,
      }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};
