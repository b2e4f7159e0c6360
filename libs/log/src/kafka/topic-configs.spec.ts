import { describe, expect, it } from '@jest/globals';
import { settingsOf } from './settings.ts';
import { configsOf, differences } from './topic-configs.ts';

const settings = settingsOf({
  brokers: [],
  partitions: 4,
  clientId: 'spec',
  minInSync: 2,
  onStuck: () => {},
});

describe('what a topic is held to', () => {
  it('keeps everything for ever, by the broker’s clock, readable by everybody', () => {
    expect(configsOf({ name: 'seat' }, settings)).toMatchObject({
      'cleanup.policy': 'delete',
      'retention.ms': '-1',
      'retention.bytes': '-1',
      'compression.type': 'uncompressed',
      'message.timestamp.type': 'LogAppendTime',
      'min.insync.replicas': '2',
    });
  });

  it('differs in how it is cleaned up when it is compacted', () => {
    const whole = configsOf({ name: 'flow' }, settings);
    const compacted = configsOf({ name: 'flow', compacted: true }, settings);
    expect(compacted).toEqual({ ...whole, 'cleanup.policy': 'compact' });
  });

  it('says what is otherwise, and only that', () => {
    const expected = { 'retention.ms': '-1', 'retention.bytes': '-1', 'compression.type': 'gzip' };
    const found = new Map([
      ['retention.ms', '604800000'],
      ['retention.bytes', '-1'],
    ]);
    expect(differences(expected, found)).toEqual([
      'retention.ms=604800000, expected -1',
      'compression.type=(unknown), expected gzip',
    ]);
  });
});
