import { describe, expect, it } from '@jest/globals';
import { goldenPath, noon, tables, told } from './spec-kit.ts';

const loyalty = {
  service: 'loyalty',
  version: 1,
  hears: ['booking.requested', 'ticket.generated'],
  says: ['loyalty.earned'],
  reactions: [{ to: 'ticket.generated', by: 'event', says: ['loyalty.earned'] }],
};

describe('what would be if a subscriber were started', () => {
  const monitor = told(goldenPath());
  monitor.tick(noon + 1_000);

  it('tells what data it gets from whom, which of it is personal, and how much', () => {
    expect(monitor.whatIf(loyalty)).toEqual({
      service: 'loyalty',
      available: [
        {
          event: 'booking.requested',
          from: 'gateway',
          fields: ['bookingId', 'showId', 'section', 'show', 'seats', 'customer', 'card'],
          personal: ['customer'],
        },
        {
          event: 'ticket.generated',
          from: 'ticket',
          fields: ['bookingId', 'showId', 'section', 'ticketId', 'code', 'seats', 'links'],
          personal: [],
        },
      ],
      missing: [],
      cycles: [],
      load: { rate: 2 / 60, history: 2 },
      partitions: 1,
      warnings: ['Nobody hears loyalty.earned.'],
    });
  });

  it('tells what nobody says, and what is not its own to say', () => {
    const { missing, warnings } = monitor.whatIf({
      ...loyalty,
      hears: ['loyalty.spent'],
      says: ['seat.sold'],
    });
    expect(missing).toEqual(['loyalty.spent']);
    expect(warnings).toEqual([
      'Nobody says loyalty.spent.',
      "seat.sold is seat's to say.",
      'seat.sold belongs to seat: readers take it from nobody else.',
    ]);
  });

  it('tells of cycles that were not there before', () => {
    expect(monitor.whatIf({ ...loyalty, hears: ['seat.sold'], says: [] }).cycles).toEqual([]);
    const wanting = { ...tables.ticket, hears: ['payment.received', 'loyalty.earned'] };
    const known = told([]);
    expect(known.whatIf(wanting).cycles).toEqual([]);
    const hearing = { ...loyalty, hears: ['seat.sold'], says: ['payment.failed'] };
    expect(known.whatIf(hearing).cycles).toEqual([['loyalty', 'seat', 'loyalty']]);
  });

  it('says what is wrong with a table that is none', () => {
    expect(() => monitor.whatIf({ service: 'loyalty' })).toThrow(/hears/);
  });
});
