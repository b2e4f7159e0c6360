import { describe, expect, it } from '@jest/globals';
import { factOf } from './fact.ts';
import { said } from './spec-kit.ts';
import { traffic } from './traffic.ts';

describe('the traffic', () => {
  it('knows no more than a thousand types, and keeps those that are seen often', () => {
    const seen = traffic();
    const fact = factOf(said('booking.requested'), (text) => text);
    if (fact === undefined) throw new Error('expected a fact');
    for (let n = 0; n < 2; n += 1) seen.fact(fact);
    for (let n = 0; n < 3_000; n += 1) seen.fact({ ...fact, type: `strange.n${n}` });
    expect(seen.types.size).toBe(1_000);
    expect(seen.types.get('booking.requested')?.counter.total()).toBe(2);
  });
});
