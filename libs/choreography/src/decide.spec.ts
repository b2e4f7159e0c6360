import { describe, expect, it } from '@jest/globals';
import type { Commit, Json } from '@ensemble/store';
import fc from 'fast-check';
import { decide } from './decide.ts';
import { advance, emptyFold, type Fold, foldOf, recall, snapshotOf } from './fold.ts';
import type { Answered, Input } from './input.ts';
import { lane, Undecidable } from './lane.ts';
import { persistence } from './ports.ts';
import { reaction, reminder, say, type Service, service, toDo, withdraw } from './service.ts';
import { bookingOf, eventOf, heardAt, noon, placeOnly, world } from './spec-kit.ts';

const issue = toDo('issue')<{ receipt: string }, { code: string }>({
  firstMs: 1_000,
  maxMs: 9_000,
});
const chase = reminder('chase');

interface Notes {
  readonly receipts: readonly string[];
  readonly reasons: readonly string[];
  readonly codes: readonly string[];
}

/** Issues what was paid for, chases it, and lets both be when the money goes back. */
const ticket = service(
  'ticket',
  {
    stream: 'booking',
    version: 3,
    initial: { receipts: [], reasons: [], codes: [] } as Notes,
    does: [issue, chase],
  },
  {
    evolve: {
      'payment.received': (notes, { data }) => ({
        ...notes,
        receipts: [...notes.receipts, data.receipt],
      }),
      'ticket.delayed': (notes, { data }) => ({
        ...notes,
        reasons: [...notes.reasons, ...Object.entries(data).map(String)],
      }),
    },
    evolveCame: {
      issue: (notes, came) =>
        came.ok ? { ...notes, codes: [...notes.codes, came.result.code] } : notes,
    },
    on: {
      'payment.received': reaction(['ticket.delayed'], (notes, { data }, { at, isOpen }) => [
        ...(isOpen(issue) ? [] : [say('ticket.delayed', { ...placeOnly(data), reason: 'new' })]),
        issue({ receipt: data.receipt }, { until: at + 60_000 }),
        say('ticket.delayed', { ...placeOnly(data), reason: notes.receipts.join() }),
        chase(null, { at: at + 5_000 }),
      ]),
      'payment.refunded': reaction(['ticket.revoked', 'ticket.delayed'], (_notes, { data }) => [
        withdraw(issue),
        say('ticket.revoked', { ...placeOnly(data), ticketId: data.bookingId }),
        say('ticket.delayed', { ...placeOnly(data), reason: 'refunded' }),
      ]),
      'booking.withdrawn': reaction([], () => []),
    },
    came: {
      issue: reaction(['ticket.delayed'], (_notes, came) => [
        say('ticket.delayed', { ...bookingOf(1), reason: came.ok ? came.result.code : 'gave up' }),
      ]),
      chase: reaction([], () => []),
    },
  },
);

const stream = bookingOf(1).bookingId;
const place = { stream, partition: 0 };
const now = { at: noon, settled: 0 };
const paid = (offset: number, receipt = `r${offset}`): Input =>
  heardAt(offset, eventOf('payment.received', 1, { receipt }));
const refunded = (offset: number): Input =>
  heardAt(offset, eventOf('payment.refunded', 1, { receipt: `r${offset}` }));
const answered = (id: string, code: string): Answered => ({
  kind: 'came',
  id,
  name: 'issue',
  came: { id, args: { receipt: 'r' }, time: noon, ok: true, result: { code } },
});

const decideAll = (of: Service, ...inputs: readonly Input[]): { commits: Commit[]; fold: Fold } => {
  let fold = emptyFold(of);
  const commits = inputs.map((input) => {
    const decided = decide(of, place, fold, input, now);
    fold = decided.fold;
    return decided.commit;
  });
  return { commits, fold };
};
const bodies = ({ says }: Commit): unknown[] => says.map(({ value }) => JSON.parse(value));
const never = (): never => {
  throw new Error('nothing is filed');
};
const stored = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

describe('a decision', () => {
  it('arrives at the same bytes when it is made again', () => {
    const [first, again] = [0, 1].map(() => decideAll(ticket, paid(1), refunded(2)).commits);
    expect(again).toEqual(first);
  });

  it('gives what it says and does an id each, unlike those of any other input', () => {
    const { commits } = decideAll(ticket, paid(1), paid(2), refunded(3));
    const ids = commits.flatMap(({ says, does }) => [
      ...says.map(({ headers }) => headers['ce_id']),
      ...does.map(({ id }) => id),
    ]);
    expect(ids).toHaveLength(9);
    expect(new Set(ids).size).toBe(9);
  });

  it('counts what it says by topic, from 1, over all its inputs', () => {
    const { commits, fold } = decideAll(ticket, paid(1), refunded(2), paid(3));
    const sequences = commits.flatMap(({ says }) =>
      says.map((each) => each.headers['ce_sequence']),
    );
    expect(sequences).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(fold.sequences).toEqual({ ticket: 6 });
  });

  it('finds in the state what was just heard', () => {
    const { commits } = decideAll(ticket, paid(1), paid(2));
    expect(bodies(commits[1] as Commit)).toEqual([{ ...bookingOf(1), reason: 'r1,r2' }]);
  });

  it('names the input as the cause, of the commit and of what is said', () => {
    const input = paid(1);
    const [commit] = decideAll(ticket, input).commits;
    expect(commit).toMatchObject({ version: 1, cause: input.id, position: 'payment/0/1' });
    expect(commit?.says.map(({ headers }) => headers['ce_causationid'])).toEqual([
      input.id,
      input.id,
    ]);
  });

  it('keeps what was heard when something was learnt, and nothing when nothing was', () => {
    const withdrawn = heardAt(2, eventOf('booking.withdrawn', 1));
    const { commits } = decideAll(ticket, paid(1), withdrawn);
    expect(commits[0]?.heard).toMatchObject({ event: { type: 'payment.received' } });
    expect(commits[1]).toMatchObject({ version: 2, cause: withdrawn.id, heard: null, says: [] });
  });

  it('withdraws what is open under the name, and not what it names itself', () => {
    const { commits, fold } = decideAll(ticket, paid(1), paid(2), refunded(3), paid(4));
    const issues = commits.map(({ does }) => does.find(({ name }) => name === 'issue')?.id);
    expect(commits[2]?.withdraws).toEqual([issues[0], issues[1]]);
    expect(fold.open.has(issues[3] ?? '')).toBe(true);
  });

  it('no longer has open the to-do whose answer it hears', () => {
    const first = decideAll(ticket, paid(1));
    const id = first.commits[0]?.does[0]?.id ?? '';
    const { fold } = decide(ticket, place, first.fold, answered(id, 'c'), now);
    expect([...fold.open.values()].map(({ name }) => name)).toEqual(['chase']);
    expect(fold.state).toMatchObject({ codes: ['c'] });
  });

  const saying = (...decisions: readonly object[]): Service =>
    service(
      'ticket',
      { stream: 'booking', version: 1, initial: null },
      {
        evolve: {},
        on: { 'payment.received': reaction(['ticket.delayed'], () => decisions as never) },
      },
    );

  it.each([
    ['says what it did not declare', { says: 'ticket.revoked', data: bookingOf(1) }, /undeclared/],
    ['names a to-do that its table lacks', { does: 'dance', args: null }, /no to-do dance/],
    ['breaks a schema', { says: 'ticket.delayed', data: bookingOf(1) }, /breaks its schema/],
  ])('throws when it %s', (_what, decision, message) => {
    expect(() => decideAll(saying(decision), paid(1))).toThrow(message);
  });

  const doing = (decision: object): Service =>
    service(
      'ticket',
      { stream: 'booking', version: 1, initial: null, does: [issue] },
      {
        evolve: {},
        on: { 'payment.received': reaction([], () => [{ does: 'issue', ...decision }] as never) },
        came: { issue: reaction([], () => []) },
      },
    );

  it.each([
    ['is due at no time', { args: null, at: NaN }, /issue: expected whole milliseconds/],
    ['is due between milliseconds', { args: null, at: noon + 0.5 }, /expected whole milliseconds/],
    ['never ends', { args: null, until: Infinity }, /expected whole milliseconds/],
    ['ends on a date', { args: null, until: new Date(noon) }, /expected whole milliseconds/],
    ['has arguments JSON cannot hold', { args: { seats: 2n } }, /BigInt/],
    ['has no arguments', {}, /JSON/],
  ])('throws when a to-do %s, and stores nothing', async (_what, decision, message) => {
    const bad = doing(decision);
    expect(() => decideAll(bad, paid(1))).toThrow(message);
    const here = world();
    const ports = here.ports();
    const hooks = { filed: never, filedAgain: never, closed: never };
    const undecided = lane(bad, place, ports, persistence('ticket', ports), hooks);
    await expect(undecided.settle(paid(1))).rejects.toThrow(Undecidable);
    expect(await here.store.load(stream, 0)).toEqual([]);
    expect(here.storeData.toDos.size).toBe(0);
  });

  it('keeps the arguments of a to-do as JSON reads them', () => {
    const args = { at: new Date(noon), gone: undefined, nought: -0, none: NaN };
    const { commits, fold } = decideAll(doing({ args }), paid(1));
    const read = { at: '2026-11-21T12:00:00.000Z', nought: 0, none: null };
    expect(commits[0]?.does.map((each) => each.args)).toStrictEqual([read]);
    expect([...fold.open.values()].map((each) => each.args)).toStrictEqual([read]);
  });
});

describe('a fold', () => {
  it('is the same when its commits are read back from the store', () => {
    const step = fc.oneof(
      fc.record({ step: fc.constant('paid'), receipt: fc.string({ minLength: 1, maxLength: 50 }) }),
      fc.record({ step: fc.constant('refunded'), receipt: fc.constant('') }),
      fc.record({ step: fc.constant('came'), receipt: fc.string({ minLength: 1, maxLength: 9 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let fold = emptyFold(ticket);
        let reread = fold;
        for (const [index, { step, receipt }] of steps.entries()) {
          const open = [...fold.open.values()].find(({ name }) => name === 'issue');
          if (step === 'came' && open === undefined) continue;
          const heard = step === 'paid' ? paid(index, receipt) : refunded(index);
          const input = step === 'came' ? answered(open?.id ?? '', receipt) : heard;
          const decided = decide(ticket, place, fold, input, now);
          fold = decided.fold;
          reread = advance(ticket, reread, stored(decided.commit));
          expect(stored(snapshotOf(ticket, stream, reread))).toEqual(
            stored(snapshotOf(ticket, stream, fold)),
          );
        }
      }),
    );
  });

  it('remembers what was said as its hearers read it, without what the schema drops', () => {
    const chatty = service(
      'ticket',
      { stream: 'booking', version: 1, initial: [] as readonly string[] },
      {
        evolve: { 'ticket.delayed': (_keys, { data }) => Object.keys(data) },
        on: {
          'payment.received': reaction(['ticket.delayed'], (_keys, { data }) => [
            say('ticket.delayed', { ...data, reason: 'soon' }),
          ]),
        },
      },
    );
    const { commits, fold } = decideAll(chatty, paid(1));
    const [commit] = commits.map(stored);
    expect(fold.state).toEqual(['bookingId', 'showId', 'section', 'reason']);
    expect(advance(chatty, emptyFold(chatty), commit as Commit)).toEqual(fold);
  });

  it('goes on from a snapshot as from the commits before it', () => {
    const whole = decideAll(ticket, paid(1), refunded(2), paid(3));
    const half = decideAll(ticket, paid(1), refunded(2));
    const from = foldOf(stored(snapshotOf(ticket, stream, half.fold)));
    expect(advance(ticket, from, stored(whole.commits[2] as Commit))).toEqual(whole.fold);
  });

  it('does not go on from a snapshot of another version of the table', async () => {
    const { store } = world();
    const { commits, fold } = decideAll(ticket, paid(1), refunded(2));
    await store.append(commits);
    const forged = { ...snapshotOf(ticket, stream, fold), body: { state: 'other' } as Json };
    await store.saveSnapshot({ ...forged, table: 'ticket@2' });
    expect(await recall(ticket, store, stream)).toEqual(fold);
  });

  it('takes events that it does not remember as they are', () => {
    const forgetful = service(
      'ticket',
      { stream: 'booking', version: 1, initial: 'nothing' },
      { evolve: {} },
    );
    const [commit] = decideAll(ticket, paid(1)).commits;
    const old = {
      ...(commit as Commit),
      says: [{ topic: 'ticket', key: '', headers: {}, value: '' }],
    };
    expect(advance(forgetful, emptyFold(forgetful), old)).toMatchObject({
      version: 1,
      state: 'nothing',
      sequences: { ticket: 1 },
    });
  });
});
