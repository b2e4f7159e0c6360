import { describe, expect, it } from '@jest/globals';
import { reaction, service } from '@ensemble/choreography';
import type { DataOf } from '@ensemble/contracts';
import { event, given, interleavings, noon, type Written } from '@ensemble/testing';
import fc from 'fast-check';
import { alternatives } from './alternatives.ts';
import { type House, seat } from './seat.ts';

const seats = seat({ holdSeconds: 600 });
const price = { amount: 4500, currency: 'EUR' };
const opened = event('section.opened', {
  rows: [
    { row: 'A', from: 1, to: 6 },
    { row: 'B', from: 1, to: 6 },
  ],
});
const all = ['A', 'B'].flatMap((row) => [1, 2, 3, 4, 5, 6].map((number) => `${row}-${number}`));

const idOf = (who: number): string => who.toString(16).padStart(32, '0');
const ada = idOf(0xada);
const bob = idOf(0xb0b);
const requested = (bookingId: string, ...wanted: string[]): Written =>
  event('booking.requested', { bookingId, seats: wanted });
const reserved = (bookingId: string, ...given: string[]): Written =>
  event('seat.reserved', {
    bookingId,
    seats: given.map((name) => ({ seat: name, price })),
    total: { amount: 4500 * given.length, currency: 'EUR' },
    heldUntil: '2026-11-21T12:10:00.000Z',
  });
const refused = (bookingId: string, data: Partial<DataOf<'seat.refused'>>): Written =>
  event('seat.refused', { bookingId, reason: 'taken', ...data });
const sold = (bookingId: string, ...given: string[]): Written =>
  event('seat.sold', { bookingId, seats: given });
const released = (bookingId: string, ...given: string[]): Written =>
  event('seat.released', { bookingId, seats: given });
const received = (bookingId: string): Written => event('payment.received', { bookingId });
const failed = (bookingId: string): Written => event('payment.failed', { bookingId });
const revoked = (bookingId: string): Written => event('ticket.revoked', { bookingId });

describe('seat, asked for seats', () => {
  it('holds free ones until payment decides', () => {
    given(seats, opened)
      .hears(requested(ada, 'A-2', 'A-1'))
      .says(reserved(ada, 'A-2', 'A-1'));
  });

  it('holds them from the moment of its decision, however old the request is', () => {
    given(seats, opened)
      .at(noon + 3_600_000)
      .hears({ ...requested(ada, 'A-1'), time: noon })
      .says(
        event('seat.reserved', {
          ...(reserved(ada, 'A-1').data as DataOf<'seat.reserved'>),
          heldUntil: '2026-11-21T13:10:00.000Z',
        }),
      );
  });

  it('refuses those another booking has, names them and proposes others', () => {
    given(seats, opened, reserved(ada, 'A-2'))
      .hears(requested(bob, 'A-2', 'A-3'))
      .says(
        refused(bob, {
          taken: ['A-2'],
          alternatives: [
            ['A-3', 'A-4'],
            ['A-5', 'A-6'],
            ['B-1', 'B-2'],
          ],
        }),
      );
  });

  it('holds none when it refuses one', () => {
    given(seats, opened, reserved(ada, 'A-2'), refused(bob, { taken: ['A-2'] }))
      .hears(requested(idOf(7), 'A-3'))
      .says(reserved(idOf(7), 'A-3'));
  });

  it('refuses those that the section does not have', () => {
    given(seats, opened, reserved(ada, 'A-1'))
      .hears(requested(bob, 'A-1', 'A-7'))
      .says(
        refused(bob, {
          reason: 'no-such-seat',
          taken: ['A-7'],
          alternatives: [
            ['A-2', 'A-3'],
            ['A-4', 'A-5'],
            ['B-1', 'B-2'],
          ],
        }),
      );
  });

  it('proposes nothing in a full house', () => {
    given(seats, opened, reserved(ada, ...all.slice(0, 8)), reserved(bob, ...all.slice(8)))
      .hears(requested(idOf(7), 'B-6'))
      .says(refused(idOf(7), { taken: ['B-6'], alternatives: [] }));
  });

  it('says nothing to a repeat', () => {
    given(seats, opened)
      .hears(requested(ada, 'A-1'), requested(ada, 'A-1'))
      .says(reserved(ada, 'A-1'));
  });

  it('says nothing to a repeat after the release either', () => {
    given(seats, opened)
      .hears(requested(ada, 'A-1'), failed(ada), requested(ada, 'A-1'))
      .says(reserved(ada, 'A-1'), released(ada, 'A-1'));
  });

  it('gives the last one to the first of 200 and refuses it to 199', () => {
    const crowd = Array.from({ length: 200 }, (_, index) => idOf(index));
    given(seats, opened, reserved(ada, ...all.slice(0, 5)), reserved(bob, ...all.slice(6)))
      .hears(...crowd.map((bookingId) => requested(bookingId, 'A-6')))
      .says(
        reserved(idOf(0), 'A-6'),
        ...crowd.slice(1).map((late) => refused(late, { taken: ['A-6'], alternatives: [] })),
      );
  });
});

describe('seat, before the section is opened', () => {
  it('says nothing, and answers in order once it is', () => {
    given(seats)
      .hears(requested(ada, 'A-1'), requested(bob, 'A-1'), requested(idOf(7), 'B-1'))
      .doesNothing()
      .hears(opened)
      .says(
        reserved(ada, 'A-1'),
        refused(bob, { taken: ['A-1'], alternatives: [['A-2'], ['A-3'], ['A-4']] }),
        reserved(idOf(7), 'B-1'),
      );
  });

  it('answers each once', () => {
    given(seats)
      .hears(requested(ada, 'A-1'), requested(ada, 'A-1'), opened, opened, requested(ada, 'A-1'))
      .says(reserved(ada, 'A-1'));
  });

  it('answers the same whenever the opening comes', () => {
    const requests = [
      requested(ada, 'A-1'),
      requested(bob, 'A-1', 'B-1'),
      requested(idOf(7), 'B-1'),
    ];
    for (const order of interleavings([opened], requests)) {
      given(seats)
        .hears(...order)
        .says(
          reserved(ada, 'A-1'),
          refused(bob, {
            taken: ['A-1'],
            alternatives: [
              ['A-2', 'A-3'],
              ['A-4', 'A-5'],
              ['B-1', 'B-2'],
            ],
          }),
          reserved(idOf(7), 'B-1'),
        );
    }
  });

  it('answers a long line a few at a time, and who comes meanwhile at its end', () => {
    const few = seat({ holdSeconds: 600, answersAtOnce: 2 });
    const [third, fourth, last] = [idOf(3), idOf(4), idOf(5)];
    given(few)
      .hears(requested(ada, 'A-1'), requested(bob, 'A-2'), requested(third, 'A-3'))
      .hears(opened, requested(fourth, 'A-3'), opened, requested(last, 'B-1'))
      .says(reserved(ada, 'A-1'), reserved(bob, 'A-2'))
      .opens('next')
      .came('next')
      .says(
        reserved(third, 'A-3'),
        refused(fourth, { taken: ['A-3'], alternatives: [['A-4'], ['A-5'], ['A-6']] }),
      )
      .came('next')
      .says(reserved(last, 'B-1'))
      .opens()
      .hears(requested(idOf(6), 'B-2'))
      .says(reserved(idOf(6), 'B-2'));
  });

  it('opens a section once: another opening changes no seat', () => {
    const smaller = event('section.opened', { rows: [{ row: 'A', from: 1, to: 1 }] });
    given(seats, opened, reserved(ada, 'A-1'))
      .hears(smaller)
      .doesNothing()
      .hears(requested(bob, 'B-6'))
      .says(reserved(bob, 'B-6'));
  });
});

describe('seat, once payment decided', () => {
  const held = [opened, reserved(ada, 'A-1', 'A-2')];

  it('sells what was paid for, once', () => {
    given(seats, ...held)
      .hears(received(ada), received(ada))
      .says(sold(ada, 'A-1', 'A-2'));
  });

  it('keeps what is sold from others', () => {
    given(seats, ...held, received(ada), sold(ada, 'A-1', 'A-2'))
      .hears(requested(bob, 'A-2'))
      .says(refused(bob, { taken: ['A-2'], alternatives: [['A-3'], ['A-4'], ['A-5']] }));
  });

  it('sells nothing to whom it refused', () => {
    given(seats, ...held, refused(bob, { taken: ['A-2'] }))
      .hears(received(bob))
      .doesNothing();
  });

  it('releases what will not be paid for, once', () => {
    given(seats, ...held)
      .hears(failed(ada), failed(ada))
      .says(released(ada, 'A-1', 'A-2'));
  });

  it('releases what was sold when the ticket is revoked, once', () => {
    given(seats, ...held, received(ada), sold(ada, 'A-1', 'A-2'))
      .hears(revoked(ada), revoked(ada))
      .says(released(ada, 'A-1', 'A-2'));
  });

  it('releases once, whichever it hears first', () => {
    for (const order of interleavings([failed(ada)], [revoked(ada)])) {
      given(seats, ...held)
        .hears(...order)
        .says(released(ada, 'A-1', 'A-2'));
    }
  });

  it('releases nothing for a booking that has nothing', () => {
    given(seats, ...held)
      .hears(failed(bob), revoked(bob))
      .doesNothing();
  });

  it('says nothing to money that it hears of after the release', () => {
    given(seats, ...held)
      .hears(revoked(ada))
      .says(released(ada, 'A-1', 'A-2'))
      .hears(received(ada))
      .doesNothing();
  });

  it('remembers the same whichever it hears first', () => {
    const free = given(seats, ...held, released(ada, 'A-1', 'A-2')).remembers;
    for (const order of interleavings([received(ada)], [revoked(ada)])) {
      expect(given(seats, ...held).hears(...order).remembers).toEqual(free);
    }
  });

  it('gives released seats to the next, whom late facts do not touch', () => {
    given(seats, ...held)
      .hears(failed(ada), requested(bob, 'A-1'))
      .says(released(ada, 'A-1', 'A-2'), reserved(bob, 'A-1'))
      .hears(received(ada), revoked(ada))
      .doesNothing()
      .hears(received(bob))
      .says(sold(bob, 'A-1'));
  });
});

it('seat gives no seat to two, whatever it hears', () => {
  const row = Array.from({ length: 12 }, (_, index) => `A-${index + 1}`);
  const oneRow = event('section.opened', { rows: [{ row: 'A', from: 1, to: 12 }] });
  const wish = fc.uniqueArray(fc.constantFrom(...row), { minLength: 1, maxLength: 4 });
  const facts = { received, failed, revoked };
  const what = fc.constantFrom('requested', 'requested', 'received', 'failed', 'revoked');
  const step = fc.record({ what, who: fc.nat(7) });

  fc.assert(
    fc.property(fc.array(wish, { minLength: 8, maxLength: 8 }), fc.array(step), (wishes, steps) => {
      const spec = given(seats, oneRow);
      const holders = new Map<string, string>();
      const heard = new Set<string>();
      for (const { what: fact, who } of steps) {
        const [bookingId, wanted] = [idOf(who), wishes[who]!];
        const has = row.filter((name) => holders.get(name) === bookingId);
        const taken = wanted.filter((name) => holders.has(name));
        const isRepeat = heard.size === heard.add(`${fact} ${who}`).size;

        spec.hears(fact === 'requested' ? requested(bookingId, ...wanted) : facts[fact](bookingId));
        if (isRepeat || (fact !== 'requested' && has.length === 0)) {
          spec.doesNothing();
        } else if (fact === 'requested' && taken.length > 0) {
          const others = alternatives(row, (name) => !holders.has(name), wanted);
          spec.says(refused(bookingId, { taken, alternatives: others }));
        } else if (fact === 'requested') {
          spec.says(reserved(bookingId, ...wanted));
          for (const name of wanted) holders.set(name, bookingId);
        } else if (fact === 'received') {
          spec.says(sold(bookingId, ...has));
        } else {
          spec.says(released(bookingId, ...has));
          for (const name of has) holders.delete(name);
        }
      }
      const remembered = (spec.remembers as House).rows['A'] ?? [];
      expect(remembered).toEqual([null, ...row.map((name) => holders.get(name) ?? '')]);
    }),
  );
});

it('seat cannot say what payment says, nor hear what nobody says', () => {
  const about = { stream: 'section', version: 1, initial: null } as const;
  const meddling = service('seat', about, {
    evolve: {},
    // @ts-expect-error payment.received is payment's to say
    on: { 'booking.requested': reaction(['payment.received'], () => []) },
  });
  const dreaming = service('seat', about, {
    evolve: {},
    // @ts-expect-error there is no such event
    on: { 'seat.polished': reaction(['seat.released'], () => []) },
  });
  expect([meddling.says, dreaming.hears]).toEqual([['payment.received'], ['seat.polished']]);
});
