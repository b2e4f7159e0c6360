import { describe, expect, it } from '@jest/globals';
import { accessOf, monitorAccess, operatorAccess } from './access.ts';
import { declare } from './flow.ts';
import { reaction, service } from './service.ts';

const about = { stream: 'booking', version: 1, initial: null } as const;
const ticket = service('ticket', about, {
  evolve: { 'booking.requested': () => null, 'ticket.generated': () => null },
  on: { 'payment.received': reaction(['ticket.generated', 'ticket.delayed'], () => []) },
});
const gateway = service('gateway', about, {
  evolve: {},
  commands: { request: reaction(['booking.requested'], () => []) },
});
const nouns = ['booking', 'notification', 'payment', 'seat', 'section', 'ticket'];

describe('the access to the log', () => {
  it('of a service is to say what is its own, and to hear what it declares', () => {
    expect(accessOf(declare(ticket))).toEqual({
      writes: ['flow', 'ticket', 'ticket.dead', 'ticket.redrive'],
      reads: ['booking', 'payment', 'ticket.dead', 'ticket.redrive'],
      declares: [...nouns, 'flow', 'ticket.dead', 'ticket.redrive'].sort(),
      joins: ['ticket'],
      watches: [],
    });
  });

  it('of one with read models is to follow them in groups of its name, and to hear in none', () => {
    const declaration = declare(gateway, ['ticket.generated', 'seat.sold', 'seat.released']);
    expect(accessOf(declaration)).toMatchObject({
      writes: ['booking', 'flow', 'gateway.dead', 'gateway.redrive'],
      reads: ['gateway.dead', 'gateway.redrive', 'seat', 'ticket'],
      joins: ['gateway.*'],
    });
  });

  it('takes in what a declaration does not tell', () => {
    const access = accessOf(declare(gateway), { shared: ['pairs'], watches: ['ticket'] });
    for (const topics of [access.writes, access.reads, access.declares]) {
      expect(topics).toContain('pairs');
    }
    expect(access).toMatchObject({ joins: [], watches: ['ticket'] });
  });

  it('of an operator is to put dead letters back, and nothing on any other topic', () => {
    const letters = ['gateway.dead', 'gateway.redrive', 'ticket.dead', 'ticket.redrive'];
    expect(operatorAccess(['ticket', 'gateway'])).toEqual({
      writes: ['gateway.redrive', 'ticket.redrive'],
      reads: letters,
      declares: letters,
      joins: [],
      watches: [],
    });
  });

  it('of the monitor is to read everything, and to write nothing but what is given back', () => {
    expect(monitorAccess(['ticket', 'gateway'])).toEqual({
      writes: ['gateway.redrive', 'ticket.redrive'],
      reads: ['*'],
      declares: [],
      joins: [],
      watches: ['*'],
    });
  });
});
