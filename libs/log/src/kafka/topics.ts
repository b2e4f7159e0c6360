import kafkajs, { type Admin, type DescribeConfigResponse, type ITopicMetadata } from 'kafkajs';
import { mustBeDeclaredAlike, mustHavePartitions } from '../declarations.ts';
import type { TopicDeclaration } from '../log.ts';
import { connectAdmin } from './admin.ts';
import { gathered } from './gather.ts';
import { openLink } from './link.ts';
import type { Settings } from './settings.ts';
import { configsOf, differences } from './topic-configs.ts';

/** The topics there are. */
export interface KafkaTopics {
  declare(topics: readonly TopicDeclaration[]): Promise<void>;
  /**
   * The names of all topics, sorted. Of others' topics in the same Kafka nothing is known, they may
   * be unreadable: ours are those that are as this log makes them.
   */
  names(): Promise<string[]>;
  /** Whether there is such a topic. */
  has(name: string): Promise<boolean>;
  close(): void;
}

export const openTopics = (settings: Settings): KafkaTopics => {
  const { partitions, replication } = settings;
  const link = openLink(settings, connectAdmin);

  const create = async (admin: Admin, missing: readonly TopicDeclaration[]): Promise<void> => {
    // That another one made them at the same moment, kafkajs answers, but does not throw.
    await admin.createTopics({
      topics: missing.map((topic) => ({
        topic: topic.name,
        numPartitions: partitions,
        replicationFactor: replication ?? -1,
        configEntries: Object.entries(configsOf(topic, settings)).map(([name, value]) => ({
          name,
          value,
        })),
      })),
    });
  };

  const describe = async (topics: string[]) => ({
    shapes: (
      await link.call('asking what topics are', (admin) => admin.fetchTopicMetadata({ topics }))
    ).topics,
    configs: await link.call('asking how topics are kept', (admin) =>
      admin.describeConfigs({
        includeSynonyms: false,
        resources: topics.map((name) => ({
          type: kafkajs.ConfigResourceTypes.TOPIC,
          name,
          configNames: Object.keys(configsOf({ name }, settings)),
        })),
      }),
    ),
  });

  const verifyShape = ({ name, partitions: found }: ITopicMetadata): void => {
    mustHavePartitions(name, found.length, partitions);
    const copies = Math.min(...found.map(({ replicas }) => replicas.length));
    if (replication === undefined || copies >= replication) return;
    throw new Error(
      `Topic "${name}" has ${copies} copies, expected ${replication}: add copies by ` +
        'kafka-reassign-partitions, or open the log with fewer.',
    );
  };

  const verifyConfigs = (topic: TopicDeclaration, found: Configs): void => {
    const { name, compacted = false } = topic;
    mustBeDeclaredAlike(name, found.get('cleanup.policy') === 'compact', compacted);
    const wrong = differences(configsOf(topic, settings), found);
    if (wrong.length === 0) return;
    throw new Error(
      `Topic "${name}" has ${wrong.join('; ')}. Set what is expected by kafka-configs ` +
        `(--alter --entity-type topics --entity-name ${name} --add-config …).`,
    );
  };

  const isOurs = ({ name, partitions: found }: ITopicMetadata, configs: Configs): boolean =>
    found.length === partitions &&
    [true, false].some(
      (compacted) => differences(configsOf({ name, compacted }, settings), configs).length === 0,
    );

  /** By name, whether a topic is ours; what it is does not change. */
  const ours = new Map<string, boolean>();

  const meet = async (strangers: string[]): Promise<void> => {
    if (strangers.length === 0) return;
    const { shapes, configs } = await describe(strangers);
    for (const shape of shapes) {
      ours.set(shape.name, isOurs(shape, configsFound(configs, shape.name)));
    }
  };

  /** Many may ask at once, and Kafka may have many topics. */
  const list = gathered(0, async () => {
    const all = await link.call('listing topics', (admin) => admin.listTopics());
    const found = all.filter((name) => !name.startsWith('__'));
    await meet(found.filter((name) => !ours.has(name)));
    return found.filter((name) => ours.get(name)).sort();
  });

  return {
    async declare(declared) {
      if (declared.length === 0) return;
      // A call for each question: on a machine that is busy all of them take their time.
      const there = new Set(await link.call('listing topics', (admin) => admin.listTopics()));
      const missing = declared.filter(({ name }) => !there.has(name));
      if (missing.length > 0) await link.call('making topics', (admin) => create(admin, missing));
      const names = declared.map(({ name }) => name);
      const { shapes, configs } = await describe(names);
      shapes.forEach(verifyShape);
      for (const topic of declared) {
        verifyConfigs(topic, configsFound(configs, topic.name));
        ours.set(topic.name, true);
      }
    },
    names: () => list(null),
    has: async (name) => ours.get(name) ?? (await list(null)).includes(name),
    close: () => link.close(),
  };
};

type Configs = ReadonlyMap<string, string>;

const configsFound = ({ resources }: DescribeConfigResponse, name: string): Configs =>
  new Map(
    resources
      .find(({ resourceName }) => resourceName === name)
      ?.configEntries.map(({ configName, configValue }) => [configName, configValue]),
  );
