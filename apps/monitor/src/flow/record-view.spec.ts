import { describe, expect, it } from '@jest/globals';
import { recordView } from './record-view.ts';
import { deadRecord, noon, said, tableRecord } from './spec-kit.ts';

describe('a record in a view', () => {
  const requested = said('booking.requested');

  it('says where it stands and what it holds, but for what is personal', () => {
    const view = recordView(requested, 'abc');
    expect(view).toMatchObject({
      position: `booking/0/${requested.offset}`,
      at: noon,
      type: 'booking.requested',
      key: 'hamlet/stalls',
      hash: 'abc',
    });
    expect(JSON.parse(view.body ?? '')).toMatchObject({ card: 'pm_card_visa', customer: '███' });
    expect(JSON.stringify(view)).not.toContain('ada@example.org');
  });

  it('shows no field that is not declared, or is not as declared', () => {
    const body = { ...JSON.parse(Buffer.from(requested.value ?? []).toString()) };
    const odd = { ...body, contact: 'ada@example.org', seats: 'ada@example.org' };
    const view = recordView({ ...requested, value: Buffer.from(JSON.stringify(odd)) }, '');
    expect(view.body).not.toContain('ada@');
    expect(JSON.parse(view.body ?? '')).toMatchObject({ contact: '███', seats: '███' });
    const headers = { ...requested.headers, ce_contact: 'ada@example.org' };
    expect(recordView({ ...requested, headers }, '').headers).toMatchObject({ ce_contact: '███' });
  });

  it('is blotted among the dead letters too', () => {
    const view = recordView(deadRecord('seat', requested, 'a bug'), '');
    expect(view.body).toContain('███');
  });

  it('shows nothing of a body that nobody here can tell apart', () => {
    const stranger = { ...requested, headers: { ...requested.headers, ce_type: 'loyalty.earned' } };
    expect(recordView(stranger, '').body).toBeNull();
    expect(recordView({ ...requested, value: Buffer.from('{"customer":') }, '').body).toBeNull();
    expect(
      recordView({ ...requested, value: Buffer.from('["ada@example.org"]') }, '').body,
    ).toBeNull();
    expect(recordView({ ...requested, value: null }, '').body).toBeNull();
    expect(recordView(tableRecord({ service: 'seat' }), '').body).toBeNull();
  });

  it('shows of its headers those of an envelope, and of a reason not what it quotes', () => {
    const dead = deadRecord('seat', requested, 'found "Ada" of ada@example.org');
    const headers = { ...dead.headers, 'x-customer': 'Ada' };
    const view = recordView({ ...dead, headers }, '');
    expect(view.headers).toMatchObject({ ce_type: 'booking.requested', 'x-customer': '███' });
    expect(JSON.stringify(view.headers)).not.toMatch(/Ada|ada@/);
    expect(recordView({ ...dead, headers }, '', { isPersonalShown: true }).headers).toBe(headers);
  });

  it('is shown as it is to a named operator who asks for it', () => {
    const view = recordView(requested, '', { isPersonalShown: true });
    expect(view.body).toBe(Buffer.from(requested.value ?? []).toString());
  });
});
