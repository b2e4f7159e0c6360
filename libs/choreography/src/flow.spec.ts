import { describe, expect, it } from '@jest/globals';
import { declare, edgesOf, mermaid } from './flow.ts';
import { promise } from './promise.ts';
import { reaction, reminder, service, toDo } from './service.ts';

const print = toDo('print')<null, null>({ firstMs: 1_000, maxMs: 9_000 }, { reaches: 'printer' });
const chase = reminder('chase');

const ticket = service(
  'ticket',
  { stream: 'booking', version: 2, initial: null, does: [print, chase] },
  {
    evolve: { 'booking.requested': () => null, 'ticket.generated': () => null },
    on: {
      'payment.received': reaction(['ticket.generated', 'ticket.delayed'], () => [], {
        withinMs: 2_000,
        unless: ['payment.refunded'],
      }),
    },
    came: {
      print: reaction(['ticket.generated'], () => []),
      chase: reaction([], () => []),
    },
    promises: [promise('ticket.delayed', { oneOf: ['ticket.generated'], withinMs: 60_000 })],
    once: { 'ticket.generated': ['ticketId'] },
    exclusive: [['ticket.generated', 'payment.failed']],
  },
);
const payment = service(
  'payment',
  { stream: 'booking', version: 1, initial: null },
  { evolve: {}, on: { 'ticket.delayed': reaction(['payment.received'], () => []) } },
);
const gateway = service(
  'gateway',
  { stream: 'booking', version: 1, initial: null },
  { evolve: {}, commands: { request: reaction(['booking.requested'], () => []) } },
);
const declared = [declare(gateway, ['ticket.generated']), declare(payment), declare(ticket)];

describe('the flow', () => {
  it('is declared by each service from its table, in a form that JSON keeps', () => {
    expect(JSON.parse(JSON.stringify(declare(ticket)))).toEqual({
      service: 'ticket',
      version: 2,
      stream: 'booking',
      hears: ['payment.received', 'booking.requested'],
      says: ['ticket.generated', 'ticket.delayed'],
      reactions: [
        {
          to: 'payment.received',
          by: 'event',
          says: ['ticket.generated', 'ticket.delayed'],
        },
        { to: 'print', by: 'to-do', says: ['ticket.generated'] },
        { to: 'chase', by: 'to-do', says: [] },
      ],
      toDos: [
        { name: 'print', kind: 'effect', reaches: 'printer' },
        { name: 'chase', kind: 'reminder' },
      ],
      reads: [],
      promises: [
        {
          on: 'payment.received',
          oneOf: ['ticket.generated', 'ticket.delayed'],
          withinMs: 2_000,
          unless: ['payment.refunded'],
        },
        { on: 'ticket.delayed', oneOf: ['ticket.generated'], withinMs: 60_000 },
      ],
      once: [{ event: 'ticket.generated', per: ['ticketId'] }],
      exclusive: [['ticket.generated', 'payment.failed']],
      versions: {
        'payment.received': 1,
        'booking.requested': 1,
        'ticket.generated': 1,
        'ticket.delayed': 1,
      },
    });
  });

  it('names requests, and what read models follow', () => {
    expect(declared[0]).toMatchObject({
      hears: [],
      reads: ['ticket.generated'],
      reactions: [{ to: 'request', by: 'command', says: ['booking.requested'] }],
    });
  });

  it('has an arrow for each event from who says it to each that hears it', () => {
    expect(edgesOf(declared)).toEqual([
      { from: 'gateway', event: 'booking.requested', to: 'ticket' },
      { from: 'payment', event: 'payment.received', to: 'ticket' },
      { from: 'ticket', event: 'ticket.delayed', to: 'payment' },
    ]);
  });

  it('is drawn with one arrow for each pair of services', () => {
    expect(mermaid([declare(payment), declare(ticket)])).toBe(
      [
        'flowchart LR',
        '  payment -->|"payment.received"| ticket',
        '  ticket -->|"ticket.delayed"| payment',
      ].join('\n'),
    );
  });
});
