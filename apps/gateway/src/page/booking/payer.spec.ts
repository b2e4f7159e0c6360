import { describe, expect, it } from '@jest/globals';
import { faultsAt, payerIn } from './payer.ts';

const filled = (name: string, email: string) => {
  const form = new FormData();
  for (const [field, value] of Object.entries({ name, email, card: 'pm_card_visa' })) {
    form.set(field, value);
  }
  return payerIn(form);
};

describe('who books', () => {
  it('is what was typed, without what is around it', () => {
    expect(filled(' Ada Żółć ', ' ada@example.org ')).toEqual({
      payer: { customer: { name: 'Ada Żółć', email: 'ada@example.org' }, card: 'pm_card_visa' },
      faults: new Set(),
    });
  });

  it.each([
    ['', 'ada@example.org', ['name']],
    ['   ', 'ada@example.org', ['name']],
    ['A'.repeat(121), 'ada@example.org', ['name']],
    ['Ada', '', ['email']],
    ['Ada', 'ada', ['email']],
    ['Ada', 'ada@example', ['email']],
    ['Ada', 'ada@example.', ['email']],
    ['Ada', 'a da@example.org', ['email']],
    ['', '@', ['name', 'email']],
  ])('%p with %p is to mend %j', (name, email, faults) =>
    expect([...filled(name, email).faults]).toEqual(faults),
  );

  it('is to mend what the server points at', () => {
    const pointers = ['/customer/email', '/seats/0'];
    expect([...faultsAt(pointers)]).toEqual(['email']);
    expect([...faultsAt(['/customer/name'])]).toEqual(['name']);
  });
});
