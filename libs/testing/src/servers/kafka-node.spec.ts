import { describe, expect, it } from '@jest/globals';
import { type NodeSettings, propertiesOf, scramOf } from './kafka-node.ts';

const portsOf = (first: number) => ({ client: first, broker: first + 1, controller: first + 2 });
const alone: NodeSettings = { id: 1, ports: [portsOf(10)], dataDir: '/data', advertised: 10 };
const second: NodeSettings = {
  ...alone,
  id: 2,
  ports: [portsOf(10), portsOf(20), portsOf(30)],
  advertised: 99,
};
const linesOf = (settings: NodeSettings): string[] => propertiesOf(settings).split('\n');

describe('a node of Kafka', () => {
  it('alone keeps one copy of everything', () => {
    expect(linesOf(alone)).toEqual(
      expect.arrayContaining([
        'controller.quorum.voters=1@127.0.0.1:12',
        'default.replication.factor=1',
        'min.insync.replicas=1',
        'offsets.topic.replication.factor=1',
      ]),
    );
  });

  it('of three keeps three copies, two of which must have a record', () => {
    expect(linesOf(second)).toEqual(
      expect.arrayContaining([
        'controller.quorum.voters=1@127.0.0.1:12,2@127.0.0.1:22,3@127.0.0.1:32',
        'default.replication.factor=3',
        'min.insync.replicas=2',
        'offsets.topic.replication.factor=3',
      ]),
    );
  });

  it('sends its clients to a proxy, and the other brokers to itself', () => {
    expect(linesOf(second)).toEqual(
      expect.arrayContaining([
        'listeners=CLIENT://127.0.0.1:20,BROKER://127.0.0.1:21,CONTROLLER://127.0.0.1:22',
        'advertised.listeners=CLIENT://127.0.0.1:99,BROKER://127.0.0.1:21',
      ]),
    );
  });

  it('makes no topic by itself', () => {
    expect(linesOf(alone)).toContain('auto.create.topics.enable=false');
  });

  it('lets everybody come unless there are users', () => {
    expect(propertiesOf(alone)).not.toMatch(/sasl|authorizer/i);
    const users = new Map([['ada', 'secret']]);
    const text = propertiesOf({ ...alone, users });
    expect(text).toContain('CLIENT:SASL_PLAINTEXT');
    expect(text).toContain('user_ada="secret"');
    expect(text).toContain('super.users=User:ANONYMOUS;User:admin');
    expect(scramOf(users)).toContain('SCRAM-SHA-256=[name=ada,password=secret]');
  });

  it('that is not among the nodes is an error', () => {
    expect(() => propertiesOf({ ...alone, id: 2 })).toThrow('expected ports of node 2, found 1');
  });
});
