import { describe, expect, it } from '@jest/globals';
import { AssignerProtocol, type GroupMember } from 'kafkajs';
import { type AssignerOptions, homeAssigner } from './assigner.ts';

const assigner = (options: Partial<AssignerOptions> = {}) =>
  homeAssigner({
    partitions: 4,
    had: () => [],
    joining: () => {},
    uneven: () => {},
    ...options,
  })({} as never);

const member = (memberId: string, topics: string[], had: number[] = []): GroupMember => ({
  memberId,
  memberMetadata: assigner({ had: () => had }).protocol({ topics }).metadata,
});

const assigned = async (members: GroupMember[], options: Partial<AssignerOptions> = {}) => {
  const found = await assigner(options).assign({ members, topics: [] });
  return Object.fromEntries(
    found.map(({ memberId, memberAssignment }) => [
      memberId,
      AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment,
    ]),
  );
};

describe('the assigner', () => {
  it('gives partition n of all topics to one member', async () => {
    const topics = ['seat', 'payment'];
    expect(await assigned([member('ada', topics), member('bob', topics)])).toEqual({
      ada: { seat: [0, 1], payment: [0, 1] },
      bob: { seat: [2, 3], payment: [2, 3] },
    });
  });

  it('leaves a member what it says it had', async () => {
    expect(
      await assigned([member('ada', ['seat']), member('bob', ['seat'], [0, 1, 2, 3])]),
    ).toEqual({ ada: { seat: [2, 3] }, bob: { seat: [0, 1] } });
  });

  it('gives a partition still to one member when a new version hears one topic more', async () => {
    const uneven: unknown[] = [];
    const members = [member('new', ['seat', 'ticket']), member('old', ['seat'])];
    expect(await assigned(members, { uneven: (topics) => uneven.push(topics) })).toEqual({
      new: { seat: [0, 1], ticket: [0, 1] },
      old: { seat: [2, 3] },
    });
    expect(uneven).toEqual([[['seat', 'ticket'], ['seat']]]);
  });

  it('says nothing of members that hear the same, in whatever order', async () => {
    const uneven: unknown[] = [];
    const members = [member('ada', ['seat', 'ticket']), member('bob', ['ticket', 'seat'])];
    await assigned(members, { uneven: (topics) => uneven.push(topics) });
    expect(uneven).toEqual([]);
  });

  it('gives members beyond the number of partitions nothing', async () => {
    const members = ['ada', 'bob', 'eve', 'kim', 'liv'].map((id) => member(id, ['seat']));
    expect(await assigned(members)).toMatchObject({ kim: { seat: [3] }, liv: {} });
  });

  it('takes a member that it does not understand for one that had nothing', async () => {
    const userData = Buffer.from('had: everything');
    const memberMetadata = AssignerProtocol.MemberMetadata.encode({
      version: 0,
      topics: ['seat'],
      userData,
    });
    expect(await assigned([{ memberId: 'eve', memberMetadata }])).toEqual({
      eve: { seat: [0, 1, 2, 3] },
    });
  });

  it('says that it joins, after it said what it had', () => {
    let had = [1, 3];
    const { protocol } = assigner({ had: () => had, joining: () => void (had = []) });
    const { metadata } = protocol({ topics: ['seat'] });
    expect(had).toEqual([]);
    const { userData } = AssignerProtocol.MemberMetadata.decode(metadata) ?? {};
    expect(userData?.toString()).toBe('[1,3]');
  });
});
