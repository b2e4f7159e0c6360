import type { Mutation } from './cast.ts';
import { OnItsWay } from './payment-effects.ts';
import { asked, believing, type Decide, deciding, reacting } from './sabotage.ts';

/** Bugs in what services decide, and in what is done to the world, each with what it is. */
export const wrongDecisions: Readonly<Record<string, Mutation>> = {
  'each try makes a payment of its own': {
    prepareKey: (bookingId, tries) => `${bookingId}/prepare/${tries}`,
  },

  'seats are released when a card is declined': {
    table: (service) => {
      const released = service.on.get('payment.failed');
      return released === undefined || service.name !== 'seat'
        ? service
        : reacting('seat', 'payment.declined', () => released.decide as Decide)(service);
    },
  },

  'another card is charged after payment has failed': {
    table: reacting('payment', 'booking.card-replaced', believing({ settlement: null })),
  },

  'a withdrawal before the reservation is forgotten': {
    table: reacting('payment', 'seat.reserved', believing({ withdrawn: false })),
  },

  'a to-do is never withdrawn': {
    table: (service) =>
      service.name === 'payment' ? deciding(service, (each) => !('withdraws' in each)) : service,
  },

  'a refund that was refused is not tried again': {
    table: (service) =>
      service.name === 'payment'
        ? deciding(service, (each, input) => {
            const { attempt } = (input as { args?: { attempt?: number } }).args ?? {};
            return !('does' in each && each.does === 'refund' && attempt !== undefined);
          })
        : service,
  },

  'a refund on its way counts as done': {
    effects: (effects) => ({
      ...effects,
      refund: (args, tried) =>
        effects.refund(args, tried).catch((error: unknown) => {
          if (!(error instanceof OnItsWay)) throw error;
          return { outcome: 'refunded', receipt: 'on its way' };
        }),
    }),
  },

  'a copy that was asked for before there was a letter is forgotten': {
    table: (service) => {
      if (service.name !== 'notification') return service;
      const evolve = new Map(service.evolve).set('booking.copy-requested', (known) => known);
      return { ...service, evolve };
    },
  },

  'a door does not know who came before': {
    table: asked('ticket', 'admit', believing({ admitted: [] })),
  },

  'a door lets in on a ticket that was revoked': {
    table: asked('ticket', 'admit', believing({ refunded: false })),
  },

  'money that went back before the ticket was made revokes nothing': {
    table: reacting(
      'ticket',
      'payment.refunded',
      (decide) => (stub, input, context) =>
        (stub as { issued: unknown }).issued === null ? [] : decide(stub, input, context),
    ),
  },
};
