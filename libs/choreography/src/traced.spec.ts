import { describe, expect, it } from '@jest/globals';
import { eventOf, heardAt, standing } from './spec-kit.ts';
import { heardMessage } from './traced.ts';

const paid = eventOf('payment.received', 1, { receipt: 'a receipt' });
const record = standing(paid, 41);
const asked = { trigger: 'event', maySay: true } as const;

describe('a record, as far as tracing goes', () => {
  it('is told by its headers as by what was read of it', () => {
    const read = heardMessage(record, asked, heardAt(41, paid));
    expect(read).toMatchObject({
      id: paid.id,
      type: 'payment.received',
      conversationId: paid.correlationId,
      time: paid.time,
      offset: 41,
    });
    expect(heardMessage(record, asked)).toEqual(read);
  });

  it('has no type and no text of any length that a stranger could make up', () => {
    const strange = { ce_type: 'strange.type', ce_id: 'x'.repeat(10_000), ce_time: 'never' };
    const headers = { ...record.headers, ...strange };
    const message = heardMessage({ ...record, headers }, asked);
    expect(message).toMatchObject({ type: 'unknown', time: record.timestamp });
    expect(message.id).toHaveLength(200);
  });
});
