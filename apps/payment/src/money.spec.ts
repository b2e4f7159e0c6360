import { expect, it } from '@jest/globals';
import { decide, emptyFold, type Input } from '@ensemble/choreography';
import type { AnyEvent } from '@ensemble/contracts';
import { event, noon, type Written } from '@ensemble/testing';
import fc from 'fast-check';
import { balance, payment, type Purse } from './payment.ts';

const price = 9000;
const heldUntil = Date.parse('2026-11-21T12:10:00.000Z');
const stream = 'spec';

/** One payment at a provider that charges what it is asked to, as long as it is not ended. */
const makeProvider = () => {
  const books = { made: false, ended: false, held: 0, charges: 0 };
  const { intent, receipt } = { intent: 'pi_1', receipt: 'pi_1' };
  const paid = () => ({ outcome: 'paid', receipt, charge: `ch_${books.charges}` });
  /** What it does when it is asked, whether or not anybody hears the answer. */
  const asked = {
    prepare: () => {
      books.made = true;
      return { intent };
    },
    confirm: (good: boolean) => {
      if (books.held > 0) return paid();
      if (books.ended) return { outcome: 'cancelled' };
      books.charges += 1;
      books.held = good ? price : 0;
      return good ? paid() : { outcome: 'declined', reason: 'no', charge: `ch_${books.charges}` };
    },
    cancel: () => {
      if (books.held > 0) return { ...paid(), intent };
      books.ended = true;
      return { outcome: 'cancelled' };
    },
    refund: (good: boolean) => {
      if (!good) return { outcome: 'refused', reason: 'no' };
      books.held = 0;
      books.ended = true;
      return { outcome: 'refunded', receipt: 're_1' };
    },
    expire: () => null,
  };
  return { books, asked };
};
type Asked = ReturnType<typeof makeProvider>['asked'];

/** Payment and a provider, left to chance: which fact is heard next, which answer comes or is lost. */
const play = (topics: readonly (readonly Written[])[], chances: readonly number[]) => {
  const { books, asked } = makeProvider();
  const rest = topics.map((topic) => [...topic]);
  /** What the provider was asked and may still come to do, although nobody waits for it. */
  const underWay: (keyof Asked)[] = [];
  const said: string[] = [];
  let fold = emptyFold(payment);
  let now = noon;

  const take = (input: Input): void => {
    const context = { at: now, settled: fold.version };
    const { commit, fold: after } = decide(payment, { stream, partition: 0 }, fold, input, context);
    const failedBefore = said.includes('payment.failed');
    for (const { name } of commit.does) {
      if (failedBefore) expect(['cancel', 'refund']).toContain(name);
    }
    for (const id of commit.withdraws) underWay.push(fold.open.get(id)!.name as keyof Asked);
    said.push(...commit.says.map(({ headers }) => headers['ce_type']!));
    fold = after;
  };
  const hear = ({ type, data, time = now }: Written): void => {
    const id = `${type} ${time}`;
    const heard = { id, type, data, time, key: '', correlationId: '', source: '', version: 1 };
    const event = { ...heard, causationId: '', sequence: 1 } as AnyEvent;
    take({ kind: 'event', id, event, position: id });
  };
  const answer = (chance: number): void => {
    const toDos = [...fold.open.values()];
    const { id, name, args, until } = toDos[chance % toDos.length]!;
    if (name === 'expire') now = Math.max(now, heldUntil);
    const result = asked[name as keyof Asked](chance % 3 > 0);
    const isLost = name !== 'expire' && chance % 5 === 0;
    if (isLost && (until === undefined || chance % 2 > 0)) return;
    if (isLost) now = Math.max(now, heldUntil + 10_000);
    const outcome = isLost ? { ok: false as const, reason: 'away' } : { ok: true as const, result };
    const came = { id, args, time: now, ...outcome } as Extract<Input, { kind: 'came' }>['came'];
    take({ kind: 'came', id, name, came });
  };
  const step = (chance: number): boolean => {
    const next = rest.filter(({ length }) => length > 0);
    const turn = chance % 7;
    if (turn === 6 && underWay.length > 0) asked[underWay.pop()!](true);
    else if (turn > 4 && next.length > 0) hear(next[chance % next.length]!.shift()!);
    else if (fold.open.size > 0) answer(chance);
    else if (next.length > 0) hear(next[0]!.shift()!);
    else return false;
    return true;
  };

  for (const chance of chances) step(chance);
  for (let tries = 0; step(tries); tries += 1) expect(tries).toBeLessThan(200);
  for (const late of underWay) asked[late](true);
  return { said, books, purse: fold.state as Purse };
};

it('payment holds exactly what it says it holds, whatever is declined, lost, late or withdrawn', () => {
  const once = (odds: number, fact: Written): fc.Arbitrary<Written[]> =>
    fc.nat(99).map((chance) => (chance < odds ? [fact] : []));
  const bookings = fc
    .tuple(
      once(100, event('booking.requested')),
      once(33, event('booking.card-replaced', { card: 'pm_card_mastercard' }, noon + 1)),
      once(33, event('booking.card-replaced', { card: 'pm_card_amex' }, heldUntil + 1)),
      once(33, event('booking.withdrawn', {}, heldUntil + 2)),
      once(33, event('booking.withdrawn', {}, heldUntil + 3)),
    )
    .map((facts): Written[] => facts.flat());
  const seats = once(80, event('seat.reserved'));
  const chance = fc.noBias(fc.nat());
  const stories = new Set<string>();
  fc.assert(
    fc.property(
      bookings,
      seats,
      fc.array(chance, { maxLength: 60, size: 'max' }),
      (first, second, chances) => {
        const { said, books, purse } = play([first, second], chances);
        const times = (type: string): number => said.filter((each) => each === type).length;
        stories.add([...new Set(said)].join(' '));

        expect(times('payment.received') + times('payment.failed')).toBe(second.length);
        expect(times('payment.refunded')).toBeLessThanOrEqual(1);
        expect(balance(purse)).toBe(books.held);
        const isPaid = times('payment.received') > 0 && times('payment.refunded') === 0;
        expect(books.held).toBe(isPaid ? price : 0);
        if (isPaid) expect(first.map(({ type }) => type)).not.toContain('booking.withdrawn');
        expect(isPaid || books.ended || !books.made).toBe(true);
      },
    ),
    { numRuns: 2000 },
  );
  // The chances were fair: the stories worth telling were among them.
  for (const story of [
    'payment.received',
    'payment.failed',
    'payment.declined payment.received',
    'payment.received payment.refunded',
    'payment.failed payment.refunded',
  ]) {
    expect(stories).toContain(story);
  }
});
