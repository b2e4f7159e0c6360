import type { Access } from '../access.ts';

/** What may be done, in Kafka's words; reading and writing include `Describe`. */
export type AclOperation = 'Describe' | 'DescribeConfigs' | 'Read' | 'Write';

/** What one principal may do with one topic or group, with all, or with all groups that begin so. */
export interface AclRule {
  /** `User:…`. */
  readonly principal: string;
  readonly resource: 'topic' | 'group';
  readonly name: string;
  readonly pattern: 'literal' | 'prefixed';
  readonly operations: readonly AclOperation[];
}

/** The rules that give a principal all of these accesses, and nothing beside. */
export const rulesOf = (principal: string, accesses: readonly Access[]): AclRule[] => {
  const all = (kind: keyof Access): ReadonlySet<string> =>
    new Set(accesses.flatMap((access) => access[kind]));
  const [writes, reads, declares] = [all('writes'), all('reads'), all('declares')];
  const [joins, watches] = [all('joins'), all('watches')];

  const topics = [...declares.union(reads).union(writes)].sort().map((name): AclRule => {
    const operations: AclOperation[] = ['Describe'];
    if (declares.has(name)) operations.push('DescribeConfigs');
    if (reads.has(name)) operations.push('Read');
    if (writes.has(name)) operations.push('Write');
    return { principal, resource: 'topic', name, pattern: 'literal', operations };
  });
  const groups = [...joins.union(watches)].sort().map((group): AclRule => {
    // To Kafka `*` is a name of its own, which stands for every name.
    const isPrefix = group.endsWith('*') && group !== '*';
    return {
      principal,
      resource: 'group',
      name: isPrefix ? group.slice(0, -1) : group,
      pattern: isPrefix ? 'prefixed' : 'literal',
      operations: joins.has(group) ? ['Describe', 'Read'] : ['Describe'],
    };
  });
  return [...topics, ...groups];
};

/** A rule as one line. */
export const lineOf = ({ principal, resource, name, pattern, operations }: AclRule): string =>
  `${principal} ${resource} ${name}${pattern === 'prefixed' ? '*' : ''}: ${operations.join(', ')}`;

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/**
 * The same rules as commands for Kafka's own tool, as few as can be. They take the brokers from
 * KAFKA_BROKERS, and from the file `admin.properties` who runs them.
 */
export const commandsOf = (rules: readonly AclRule[]): string[] => {
  const alike = Map.groupBy(rules, (rule) => JSON.stringify({ ...rule, name: null }));
  return [...alike.values()].flatMap((some) => {
    const [first] = some;
    if (first === undefined) return [];
    const { principal, resource, pattern, operations } = first;
    return [
      'kafka-acls.sh --bootstrap-server "$KAFKA_BROKERS" --command-config admin.properties --add',
      `--allow-principal ${quoted(principal)}`,
      ...operations.map((operation) => `--operation ${operation}`),
      `--resource-pattern-type ${pattern}`,
      // The shell must not take a star for its own.
      ...some.map(({ name }) => `--${resource} ${name === '*' ? quoted(name) : name}`),
    ].join(' ');
  });
};
