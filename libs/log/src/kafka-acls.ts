import kafkajs, { type AclEntry } from 'kafkajs';
import type { AclOperation, AclRule } from './kafka/acl-rules.ts';
import { connectAdmin } from './kafka/admin.ts';
import { openLink } from './kafka/link.ts';
import { type KafkaLogOptions, settingsOf } from './kafka/settings.ts';

export { type AclRule, commandsOf, lineOf, rulesOf } from './kafka/acl-rules.ts';

const {
  AclOperationTypes: operationTypes,
  AclPermissionTypes: permissions,
  AclResourceTypes: resources,
  ResourcePatternTypes: patterns,
} = kafkajs;

const operations: Readonly<Record<AclOperation, AclEntry['operation']>> = {
  Describe: operationTypes.DESCRIBE,
  DescribeConfigs: operationTypes.DESCRIBE_CONFIGS,
  Read: operationTypes.READ,
  Write: operationTypes.WRITE,
};

const entriesOf = ({ principal, resource, name, pattern, operations: may }: AclRule): AclEntry[] =>
  may.map((operation) => ({
    principal,
    host: '*',
    resourceType: resource === 'topic' ? resources.TOPIC : resources.GROUP,
    resourceName: name,
    resourcePatternType: pattern === 'literal' ? patterns.LITERAL : patterns.PREFIXED,
    operation: operations[operation],
    permissionType: permissions.ALLOW,
  }));

/** What a number of Kafka's protocol is called there. */
const called = (names: object, number: number): string =>
  Object.entries(names).find(([, each]) => each === number)?.[0] ?? String(number);

const wordsOf = (entry: AclEntry): string =>
  [
    entry.principal,
    called(permissions, entry.permissionType),
    called(operationTypes, entry.operation),
    `from host ${entry.host} on`,
    called(patterns, entry.resourcePatternType),
    called(resources, entry.resourceType),
    entry.resourceName,
  ].join(' ');

/**
 * Sees to it that the rules stand; those that do already stay as they are.
 * @returns in words, what stands for the same principals and is in none of the rules: it is left
 * @throws {LogUnavailable}
 * @throws what Kafka refused, if whoever we are may not give rights
 */
export const applyAcls = async (
  options: Omit<KafkaLogOptions, 'partitions' | 'onStuck'>,
  rules: readonly AclRule[],
): Promise<string[]> => {
  const link = openLink(settingsOf({ ...options, partitions: 1, onStuck: () => {} }), connectAdmin);
  const wanted = rules.flatMap(entriesOf);
  const declared = new Set(wanted.map(wordsOf));
  try {
    return await link.call('giving rights', async (admin) => {
      await admin.createAcls({ acl: wanted });
      const found = await admin.describeAcls({
        resourceType: resources.ANY,
        resourcePatternType: patterns.ANY,
        operation: operationTypes.ANY,
        permissionType: permissions.ANY,
      });
      const principals = new Set(wanted.map(({ principal }) => principal));
      return found.resources
        .flatMap(({ acls, ...resource }) => acls.map((acl): AclEntry => ({ ...resource, ...acl })))
        .filter(({ principal }) => principals.has(principal))
        .map(wordsOf)
        .filter((words) => !declared.has(words))
        .sort();
    });
  } finally {
    link.close();
  }
};
