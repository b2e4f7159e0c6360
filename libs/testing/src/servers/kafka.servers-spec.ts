import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Admin, Kafka, type KafkaConfig, logLevel, Partitioners } from 'kafkajs';
// By itself kafkajs sets timers of which Node warns.
import '@ensemble/log/kafka';
import { type KafkaCluster, kafkaCluster } from './kafka.ts';

const clientOf = ({ brokers }: KafkaCluster, more: Partial<KafkaConfig> = {}): Kafka =>
  new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING, ...more });

const withAdmin = async <Result>(kafka: Kafka, work: (admin: Admin) => Promise<Result>) => {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
};

const send = async (kafka: Kafka, topic: string, value: string): Promise<void> => {
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  try {
    await producer.connect();
    await producer.send({ topic, acks: -1, messages: [{ value }] });
  } finally {
    await producer.disconnect();
  }
};

/** How many records a topic has. */
const countOf = async (kafka: Kafka, topic: string): Promise<number> => {
  const ends = await withAdmin(kafka, (admin) => admin.fetchTopicOffsets(topic));
  return ends.reduce((sum, { high }) => sum + Number(high), 0);
};

describe('a broker', () => {
  let cluster: KafkaCluster;
  beforeAll(async () => void (cluster = await kafkaCluster()), 240_000);
  afterAll(() => cluster.stop());
  const [topic, value] = ['greetings', 'hello'];

  it('makes no topic by itself', async () => {
    const impatient = clientOf(cluster, { retry: { retries: 0 } });
    await expect(send(impatient, topic, value)).rejects.toThrow('does not host this topic');
    await withAdmin(clientOf(cluster), (admin) => admin.createTopics({ topics: [{ topic }] }));
    await send(clientOf(cluster), topic, value);
  });

  it('answers nothing while it is frozen, and again after', async () => {
    const [node] = cluster.nodes;
    node!.pause();
    const impatient = clientOf(cluster, { retry: { retries: 0 }, requestTimeout: 500 });
    await expect(countOf(impatient, topic)).rejects.toThrow('timed out');
    node!.resume();
    await send(clientOf(cluster), topic, value);
  });

  it('has what was sent, at the same place, after kill -9', async () => {
    const before = await countOf(clientOf(cluster), topic);
    const [node] = cluster.nodes;
    await node!.kill('SIGKILL');
    await node!.start();
    expect(await countOf(clientOf(cluster), topic)).toBe(before);
    await send(clientOf(cluster), topic, value);
  });
});

it('three brokers go on without one of them, and take it back', async () => {
  const cluster = await kafkaCluster({ nodes: 3 });
  try {
    const kafka = clientOf(cluster);
    const [topic, value] = ['greetings', 'hello'];
    const leader = await withAdmin(kafka, async (admin) => {
      await admin.createTopics({ topics: [{ topic, replicationFactor: 3 }], waitForLeaders: true });
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      return topics[0]!.partitions[0]!.leader;
    });
    await send(kafka, topic, value);
    await cluster.nodes[leader - 1]!.kill('SIGKILL');
    await send(clientOf(cluster, { retry: { retries: 40, maxRetryTime: 1_000 } }), topic, value);
    await cluster.nodes[leader - 1]!.start();
    expect(await countOf(kafka, topic)).toBe(2);
  } finally {
    await cluster.stop();
  }
}, 180_000);

it('users come by their passwords and may do what they are allowed', async () => {
  const cluster = await kafkaCluster({ sasl: ['ada'] });
  try {
    const as = (username: string, mechanism: string, password = cluster.users.get(username)) =>
      clientOf(cluster, {
        sasl: { mechanism, username, password } as KafkaConfig['sasl'] & object,
        retry: { retries: 0 },
      });
    const topic = 'greetings';
    await withAdmin(as('admin', 'scram-sha-512'), (admin) =>
      admin.createTopics({ topics: [{ topic }] }),
    );
    await expect(send(as('ada', 'plain', 'guessed'), topic, 'hello')).rejects.toThrow(
      'Authentication failed',
    );
    await expect(send(as('ada', 'plain'), topic, 'hello')).rejects.toThrow('Not authorized');
    await withAdmin(as('admin', 'plain'), (admin) =>
      admin.createAcls({
        acl: [
          {
            principal: 'User:ada',
            host: '*',
            resourceType: 2, // a topic
            resourceName: topic,
            resourcePatternType: 3, // by its whole name
            operation: 4, // written
            permissionType: 3, // is allowed
          },
        ],
      }),
    );
    await send(as('ada', 'scram-sha-256'), topic, 'hello');
    expect(await countOf(as('admin', 'plain'), topic)).toBe(1);
  } finally {
    await cluster.stop();
  }
});
