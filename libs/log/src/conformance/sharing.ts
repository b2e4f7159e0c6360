import { expect, it } from '@jest/globals';
import type { Bench } from '../conformance.ts';
import { atLeast, declared, gathering, keysByPartition, member, record } from './gather.ts';

/** What the members of one group are promised. */
export const sharing = (bench: Bench): void => {
  const appendEverywhere = (topics: readonly string[], text: string): Promise<void> =>
    bench.log.append(
      topics.flatMap((topic) =>
        keysByPartition(bench.log.partitions).map((key) => record(topic, key, text)),
      ),
    );

  it('gives all partitions to the only member', async () => {
    const topics = await declared(bench, 'seat');
    const { joined, partitions } = member(bench, { group: bench.name('seat'), topics });
    await joined;
    expect(partitions.size).toBe(bench.log.partitions);
  });

  it('shares the partitions among the members, the same of all topics', async () => {
    const topics = await declared(bench, 'seat', 'payment');
    const group = bench.name('ticket');
    const changes = gathering<string>();
    const join = () =>
      member(bench, {
        group,
        topics,
        changed: () => changes.add('changed'),
      });
    const ada = join();
    await ada.joined;
    const bob = join();
    await bob.joined;
    await changes.until(() => ada.partitions.size + bob.partitions.size === bench.log.partitions);

    await appendEverywhere(topics, 'x');
    const everything = bench.log.partitions * topics.length;
    await Promise.all([
      ada.handled.until(atLeast(ada.partitions.size * topics.length)),
      bob.handled.until(atLeast(bob.partitions.size * topics.length)),
    ]);
    expect(ada.handled.all.length + bob.handled.all.length).toBe(everything);
    for (const { handled, partitions } of [ada, bob]) {
      expect(partitions.size).toBeGreaterThan(0);
      expect(new Set(handled.all.map(({ partition }) => partition))).toEqual(partitions);
    }
  });

  it('gives the partitions of a member that leaves to the others, who go on there', async () => {
    const topics = await declared(bench, 'seat');
    const group = bench.name('seat');
    const ada = member(bench, { group, topics });
    await ada.joined;
    const bob = member(bench, { group, topics });
    await bob.joined;
    await ada.stop();
    await appendEverywhere(topics, 'x');
    await bob.handled.until(
      (all) => new Set(all.map(({ partition }) => partition)).size === bench.log.partitions,
    );
    expect(bob.partitions.size).toBe(bench.log.partitions);
    expect(ada.partitions.size).toBe(0);
  });

  it('revokes a partition before it assigns it to another', async () => {
    const topics = await declared(bench, 'seat');
    const group = bench.name('seat');
    const holders = new Map<number, Set<string>>();
    const most = gathering<number>();
    const join = (name: string) =>
      member(bench, {
        group,
        topics,
        assigned(partition) {
          const names = holders.get(partition) ?? new Set();
          holders.set(partition, names.add(name));
          most.add(names.size);
        },
        revoked: (partition) => void holders.get(partition)?.delete(name),
      });
    const ada = join('ada');
    await ada.joined;
    const bob = join('bob');
    await bob.joined;
    await ada.stop();
    const eve = join('eve');
    await eve.joined;
    expect(Math.max(...most.all)).toBe(1);
  });

  it('hands over what a member left undone', async () => {
    const topics = await declared(bench, 'seat');
    const group = bench.name('seat');
    await appendEverywhere(topics, 'x');
    const begun = gathering<number>();
    const ada = member(bench, {
      group,
      topics,
      async handle({ partition }) {
        begun.add(partition);
        throw new Error('The store is away.');
      },
    });
    await begun.until(atLeast(1));
    await ada.stop();
    const bob = member(bench, { group, topics });
    await bob.handled.until(atLeast(bench.log.partitions));
    expect(new Set(bob.handled.all.map(({ partition }) => partition)).size).toBe(
      bench.log.partitions,
    );
  });
};
