import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { declare, edgesOf, mermaid, type Service } from '@ensemble/choreography';
import { events, type EventType, eventTypes, owners } from '@ensemble/contracts';
import { gateway } from '@ensemble/gateway';
import { bookingsModel, seatsModel } from '@ensemble/gateway/read-models';
import { notification } from '@ensemble/notification';
import { payment } from '@ensemble/payment';
import { seat } from '@ensemble/seat';
import { ticket } from '@ensemble/ticket';

const services: Service[] = [gateway, seat({ holdSeconds: 600 }), payment, ticket, notification];
const read = [...new Set([...bookingsModel.hears, ...seatsModel.hears])];
const declarations = services.map((each) => declare(each, each === gateway ? read : []));
const edges = edgesOf(declarations);

/** Events that no service answers, and who is served by them all the same. */
const heardByReadersOnly: Partial<Record<EventType, string>> = {
  'seat.sold': 'the map of seats',
  'seat.released': 'the map of seats',
  'payment.declined': 'the customer, who is shown until when another card may be given',
  'payment.refund-failed': 'the customer, who is shown what is owed; payment itself tries again',
  'ticket.delayed': 'the customer, who is shown why the ticket is late; ticket itself tries again',
  'ticket.admitted': 'the history of the booking; ticket itself lets nobody in twice',
  'notification.sent': 'the history of the booking',
  'notification.failed': 'the history of the booking',
};

describe('the flow', () => {
  it('stands in the README as it is computed', () => {
    const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
    const [, drawn] = readme.split('<!-- flow -->');
    expect(drawn?.trim()).toBe(`\`\`\`mermaid\n${mermaid(declarations)}\n\`\`\``);
  });

  it('has every event said, by its owner alone', () => {
    for (const type of eventTypes) {
      const sayers = declarations.filter(({ says }) => says.includes(type));
      expect([type, ...sayers.map(({ service }) => service)]).toEqual([type, events[type].owner]);
    }
    expect(new Set(services.map(({ name }) => name))).toEqual(new Set(Object.values(owners)));
  });

  it('has every event answered, or a reason why only readers hear it', () => {
    const answered = new Set(edges.map(({ event }) => event));
    const unanswered = eventTypes.filter((type) => !answered.has(type));
    expect(unanswered).toEqual(Object.keys(heardByReadersOnly));
    expect(unanswered.filter((type) => !read.includes(type))).toEqual([]);
  });

  it('comes to an end: no event leads back to itself', () => {
    /** What may follow a fact in a service: what it says to it, or to what came of its to-dos. */
    const followers = (type: EventType): EventType[] =>
      declarations
        .filter(({ hears }) => hears.includes(type))
        .flatMap(({ reactions }) => reactions)
        .flatMap(({ to, by, says }) => (to === type || by === 'to-do' ? says : []));
    const longest = (type: EventType, path: readonly EventType[] = []): EventType[] =>
      path.includes(type)
        ? [...path, type]
        : followers(type)
            .map((next) => longest(next, [...path, type]))
            .reduce((a, b) => (b.length > a.length ? b : a), [...path, type]);
    const returning = eventTypes
      .map((type) => longest(type))
      .filter((path) => new Set(path).size < path.length);
    expect(returning).toEqual([]);
  });

  it('goes one way at the edge: what customers and operators said asks nothing of the rest', () => {
    expect(edges.filter(({ to }) => to === 'gateway')).toEqual([]);
  });
});

describe.each(services)('$name', (service) => {
  const { on, evolve, came, does, hears, says, commands } = service;
  const isEvent = (name: string): boolean => name.includes('.');

  it('answers every to-do that it names, and no other', () => {
    expect([...came.keys()].toSorted()).toEqual([...does.keys()].toSorted());
    expect([...evolve.keys()].filter((name) => !isEvent(name) && !does.has(name))).toEqual([]);
  });

  it('hears what it answers or remembers, only from others, and only what is said', () => {
    const used = new Set([...on.keys(), ...[...evolve.keys()].filter(isEvent)]);
    expect(hears.toSorted()).toEqual(
      [...used].filter((type) => !says.some((own) => own === type)).toSorted(),
    );
    expect(hears.filter((type) => !Object.hasOwn(events, type))).toEqual([]);
    expect(hears.filter((type) => events[type].owner === service.name)).toEqual([]);
  });

  it('remembers of its own only what it says', () => {
    const own = [...evolve.keys()].filter(
      (type) => isEvent(type) && events[type as EventType].owner === service.name,
    );
    expect(own.filter((type) => !says.some((each) => each === type))).toEqual([]);
  });

  it('is asked from outside only at the edge: by customers, and at the door', () => {
    expect(commands.size > 0).toBe(['gateway', 'ticket'].includes(service.name));
  });

  it('promises in words that are its own, about what it can know of, and on nothing in vain', () => {
    const { promises, once, exclusive } = service;
    const own = (type: EventType): boolean => says.includes(type);
    const known = (type: EventType): boolean => own(type) || hears.includes(type);
    for (const { on: to, oneOf, given = [], unless = [], after } of promises) {
      expect(oneOf.filter((type) => !own(type))).toEqual([]);
      expect(given.includes(to)).toBe(false);
      expect([to, ...given].filter((type) => !known(type))).toEqual([]);
      expect(unless.filter((type) => !Object.hasOwn(events, type))).toEqual([]);
      if (after !== undefined) expect(Object.keys(events[to].schema.shape)).toContain(after);
    }
    expect([...once.keys()].filter((type) => !own(type))).toEqual([]);
    expect(exclusive.filter((facts) => !facts.some(own))).toEqual([]);
  });
});
