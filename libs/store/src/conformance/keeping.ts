import { expect, it } from '@jest/globals';
import type { Bench } from '../conformance.ts';
import type { Fact } from '../store.ts';
import { numbers } from './samples.ts';

/** What the sets of read models are promised. */
export const keeping = (bench: Bench): void => {
  const fact = (document: string, id: string, body: Fact['body'] = { said: 'Żółć' }): Fact => ({
    document,
    id,
    body,
  });
  const factsOf = async (document: string, set = 'bookings@1'): Promise<Fact[]> =>
    (await bench.store.facts(set, document)).toSorted((a, b) => (a.id < b.id ? -1 : 1));

  it('gives the facts of a document as they were kept', async () => {
    const ada = [fact('ada', '1'), fact('ada', '2', null), fact('ada', '3', ['A-12'])];
    await bench.store.keep('bookings@1', [...ada, fact('bob', '1')]);
    expect(await factsOf('ada')).toEqual(ada);
    expect(await factsOf('eve')).toEqual([]);
  });

  it('keeps a fact once, however often and by however many it comes', async () => {
    const first = fact('ada', '1', 'first');
    await bench.store.keep('bookings@1', [first, first]);
    await bench.store.keep('bookings@1', [fact('ada', '1', 'second'), fact('ada', '2')]);
    expect(await factsOf('ada')).toEqual([first, fact('ada', '2')]);
    await Promise.all(numbers(8).map(() => bench.store.keep('bookings@1', [fact('bob', '1')])));
    expect(await factsOf('bob')).toEqual([fact('bob', '1')]);
  });

  it('tells sets apart', async () => {
    await bench.store.keep('bookings@1', [fact('ada', '1', 'old')]);
    await bench.store.keep('bookings@2', [fact('ada', '1', 'new')]);
    expect(await factsOf('ada', 'bookings@1')).toEqual([fact('ada', '1', 'old')]);
    expect(await factsOf('ada', 'bookings@2')).toEqual([fact('ada', '1', 'new')]);
  });

  it('drops a whole set and no other, and lets it begin anew', async () => {
    const many = numbers(1_200).map((n) => fact(`booking-${n}`, '1'));
    await bench.store.keep('bookings@1', many);
    await bench.store.keep('bookings@2', [fact('booking-1', '1')]);
    await bench.store.drop('bookings@1');
    for (const { document } of many.filter((_, n) => n % 97 === 0)) {
      expect(await factsOf(document)).toEqual([]);
    }
    expect(await factsOf('booking-1', 'bookings@2')).toHaveLength(1);
    await bench.store.keep('bookings@1', [fact('booking-1', '2')]);
    await bench.reopen();
    expect(await factsOf('booking-1')).toEqual([fact('booking-1', '2')]);
    await bench.store.drop('never@1');
  });

  it('has its facts after a restart', async () => {
    await bench.store.keep('bookings@1', [fact('ada', '1')]);
    await bench.reopen();
    expect(await factsOf('ada')).toEqual([fact('ada', '1')]);
    await bench.store.keep('bookings@1', [fact('ada', '2')]);
    expect(await factsOf('ada')).toHaveLength(2);
  });
};
