import { AssignerProtocol, type PartitionAssigner } from 'kafkajs';
import { share } from './share.ts';

const NAME = 'ensemble';
const VERSION = 1;

export interface AssignerOptions {
  readonly partitions: number;
  /** The partitions that this member has at the moment. */
  readonly had: () => readonly number[];
  /** Told each time that this member is about to join: what it had is not its own any more. */
  readonly joining: () => void;
  /** Told the topics of the members, if they do not all hear the same. */
  readonly uneven: (topics: readonly (readonly string[])[]) => void;
}

/**
 * Gives partition n of all topics to one member. Members may hear different topics while a new
 * version is rolled out: n still goes to one of them, and what only others hear waits there until
 * that one hears it too.
 */
export const homeAssigner =
  ({ partitions, had, joining, uneven }: AssignerOptions): PartitionAssigner =>
  () => ({
    name: NAME,
    version: VERSION,
    protocol({ topics }) {
      const userData = Buffer.from(JSON.stringify(had()));
      joining();
      const metadata = AssignerProtocol.MemberMetadata.encode({
        version: VERSION,
        topics,
        userData,
      });
      return { name: NAME, metadata };
    },
    async assign({ members }) {
      const heard = members.map(({ memberId, memberMetadata }) => {
        const metadata = AssignerProtocol.MemberMetadata.decode(memberMetadata);
        return {
          id: memberId,
          topics: metadata?.topics ?? [],
          had: partitionsIn(metadata?.userData),
        };
      });
      const lists = new Map(heard.map(({ topics }) => [topics.toSorted().join(), topics]));
      if (lists.size > 1) uneven([...lists.values()]);
      const shares = share(partitions, heard);
      return heard.map(({ id, topics }) => {
        const own = [...(shares.get(id) ?? [])];
        const assignment = Object.fromEntries(topics.map((topic) => [topic, own]));
        const memberAssignment = AssignerProtocol.MemberAssignment.encode({
          version: VERSION,
          assignment: own.length === 0 ? {} : assignment,
          userData: Buffer.alloc(0),
        });
        return { memberId: id, memberAssignment };
      });
    },
  });

/** What it had is a wish: who cannot be understood had nothing. */
const partitionsIn = (userData: Buffer | null | undefined): number[] => {
  try {
    const parsed: unknown = JSON.parse(userData?.toString() ?? '');
    return Array.isArray(parsed) ? parsed.filter((each) => Number.isInteger(each)) : [];
  } catch {
    return [];
  }
};
