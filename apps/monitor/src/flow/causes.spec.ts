import { describe, expect, it } from '@jest/globals';
import { idOf } from '@ensemble/choreography';
import type { LogRecord } from '@ensemble/log';
import { causesOf } from './causes.ts';
import { declarationSchema, flowOf } from './declared.ts';
import { factOf } from './fact.ts';
import { ada, idIn, said, tables } from './spec-kit.ts';

const flow = flowOf(Object.values(tables).map((table) => declarationSchema.parse(table)));

/** What caused the last of some events, and how many to-dos lie between. */
const causeOfLast = (...records: LogRecord[]) => {
  const facts = records.flatMap((record) => factOf(record, () => 'somebody') ?? []);
  const cause = causesOf(facts, [], flow).get(facts.at(-1)!);
  return { type: cause?.fact?.type, toDos: cause?.toDos };
};

const requested = said('booking.requested');
const received = said('payment.received', { at: 100 });
const unknown = { type: undefined, toDos: 0 };

describe('the cause of an event', () => {
  it('is the event that it names', () => {
    const sold = said('seat.sold', { at: 200, cause: received });
    expect(causeOfLast(requested, received, sold)).toEqual({ type: 'payment.received', toDos: 0 });
  });

  it('is what a to-do was named in answer to, though the log knows no to-dos', () => {
    const issue = idOf('ticket', ada, idIn(received), 0);
    const generated = said('ticket.generated', { at: 200, cause: issue });
    expect(causeOfLast(requested, received, generated)).toEqual({
      type: 'payment.received',
      toDos: 1,
    });
  });

  it('is found through a to-do that was named at the end of a long decision', () => {
    const issue = idOf('ticket', ada, idIn(received), 15);
    const generated = said('ticket.generated', { at: 200, cause: issue });
    expect(causeOfLast(requested, received, generated).type).toBe('payment.received');
  });

  it('is found through many to-dos of which each only named itself again', () => {
    let issue = idOf('ticket', ada, idIn(received), 0);
    for (let again = 1; again < 20; again += 1) issue = idOf('ticket', ada, issue, 0);
    const generated = said('ticket.generated', { at: 200, cause: issue });
    expect(causeOfLast(requested, received, generated)).toEqual({
      type: 'payment.received',
      toDos: 20,
    });
  });

  it('is what came of a to-do that had said something before', () => {
    const first = 'f'.repeat(32);
    const declined = said('payment.declined', { at: 200, cause: first });
    const charged = said('payment.received', { at: 300, cause: idOf('payment', ada, first, 1) });
    expect(causeOfLast(requested, declined, charged)).toEqual({
      type: 'payment.declined',
      toDos: 1,
    });
  });

  it('is unknown where nothing leads there, and of what customers ask for', () => {
    expect(causeOfLast(requested, said('ticket.generated', { cause: 'somewhere' }))).toEqual(
      unknown,
    );
    expect(causeOfLast(requested)).toEqual(unknown);
  });
});
