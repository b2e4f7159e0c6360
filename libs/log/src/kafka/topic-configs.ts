import type { TopicDeclaration } from '../log.ts';
import type { Settings } from './settings.ts';

/** Room for what Kafka writes around a batch of one record. */
const BATCH_BYTES = 1024;

/** What a topic is made with, and held to: the name of each setting and its value. */
export const configsOf = (
  { compacted = false }: TopicDeclaration,
  { compression, minInSync, limits }: Pick<Settings, 'compression' | 'minInSync' | 'limits'>,
): Readonly<Record<string, string>> => ({
  'cleanup.policy': compacted ? 'compact' : 'delete',
  // For ever.
  'retention.ms': '-1',
  'retention.bytes': '-1',
  // Whatever a producer sends is stored so that every consumer can read it: kafkajs knows only gzip.
  'compression.type': compression,
  'message.timestamp.type': 'LogAppendTime',
  'max.message.bytes': String(limits.recordBytes + BATCH_BYTES),
  'unclean.leader.election.enable': 'false',
  ...(minInSync === undefined ? {} : { 'min.insync.replicas': String(minInSync) }),
});

/** What of a topic is not as it was declared, in words; empty when all is well. */
export const differences = (
  expected: Readonly<Record<string, string>>,
  found: ReadonlyMap<string, string>,
): string[] =>
  Object.entries(expected)
    .filter(([name, value]) => found.get(name) !== value)
    .map(([name, value]) => `${name}=${found.get(name) ?? '(unknown)'}, expected ${value}`);
