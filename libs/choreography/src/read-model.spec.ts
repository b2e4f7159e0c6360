import { afterEach, describe, expect, it } from '@jest/globals';
import { type AnyEvent, dataSchemaOf, type EventType } from '@ensemble/contracts';
import type { Store } from '@ensemble/store';
import { shareOf, type SpanRecord, spanTracing } from '@ensemble/telemetry';
import fc from 'fast-check';
import type { Ports } from './ports.ts';
import { inOrder, project, type Projection, type ReadModel } from './read-model.ts';
import { pack } from './letter.ts';
import {
  bookingOf,
  eventOf,
  noon,
  quiet,
  recordOf,
  standing,
  until,
  type World,
  world,
} from './spec-kit.ts';

const bookings: ReadModel = {
  name: 'bookings',
  hears: ['booking.requested', 'payment.received', 'ticket.delayed'],
  document: ({ correlationId }) => correlationId,
};
const { bookingId: first } = bookingOf(1);

const projections: Projection[] = [];
afterEach(() => {
  for (const each of projections.splice(0)) void each.stop({ drainMs: 0 });
});

const play = (here: World, instead: Partial<Ports> = {}, model = bookings): Projection => {
  const projection = project('gateway', model, here.ports(instead));
  projections.push(projection);
  return projection;
};

const story = (booking: number): AnyEvent[] => [
  eventOf('booking.requested', booking),
  eventOf('payment.received', booking, {}, { time: noon + 1 }),
  eventOf('ticket.delayed', booking, {}, { time: noon + 2 }),
];
const idsOf = (facts: readonly AnyEvent[]): string[] => facts.map(({ id }) => id);
const sets = (here: World): string[] => [...here.storeData.sets.keys()].sort();

describe('a read model', () => {
  it('holds of each document the events that it hears', async () => {
    const here = world({ partitions: 3 });
    const projection = play(here);
    await here.publish(...story(1), ...story(2), eventOf('payment.refunded', 1));
    await until(async () => projection.waitsFor().length === 0 && (await projection.lag()) === 0);
    expect(idsOf(await projection.facts(first))).toEqual(idsOf(story(1)));
    expect(await projection.facts('nobody')).toEqual([]);
  });

  it('is built anew without a span, so that no old trace is told of twice', async () => {
    const here = world();
    const spans: SpanRecord[] = [];
    const telemetry = spanTracing({
      service: 'gateway',
      sampling: shareOf(1),
      sink: (span) => void spans.push(span),
      system: 'ensemble',
      now: () => here.clock.now(),
      verbose: true,
    });
    const projection = play(here, { telemetry });
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await here.publish(eventOf('booking.requested', 1, {}, { traceparent }));
    await until(async () => (await projection.facts(first)).length === 1);
    await projection.rebuild();
    expect((await projection.facts(first)).map((event) => event.traceparent)).toEqual([
      traceparent,
    ]);
    expect(spans).toEqual([]);
  });

  it('leaves personal data out', async () => {
    const here = world();
    const projection = play(here);
    await here.publish(...story(1));
    await until(async () => (await projection.facts(first)).length === 3);
    const kept = JSON.stringify([...(here.storeData.sets.get('bookings.v1')?.values() ?? [])]);
    expect(kept).not.toContain('ada@example.org');
    const [requested] = await projection.facts(first);
    const { customer: _, ...data } = eventOf('booking.requested', 1).data;
    expect(requested?.data).toEqual(data);
  });

  it('takes copies once, and passes over what nobody can read', async () => {
    const here = world();
    const projection = play(here);
    await here.publish(...story(1), ...story(1));
    await here.log.append([{ topic: 'booking', key: null, value: null, headers: {} }]);
    await here.publish(...story(2));
    await until(async () => (await projection.facts(bookingOf(2).bookingId)).length === 3);
    expect(await projection.facts(first)).toHaveLength(3);
  });

  it('keeps an event of a newer version, and shows it as soon as its version is known', async () => {
    const here = world();
    const projection = play(here);
    const [requested, received, delayed] = story(1);
    await here.publish(received!, delayed!);
    const newer = recordOf(requested!);
    const headers = { ...newer.headers, ce_dataschema: dataSchemaOf('booking.requested', 2) };
    await here.log.declare([{ name: 'booking' }]);
    await here.log.append([{ ...newer, headers }]);
    await until(async () => projection.waitsFor().length === 0 && (await projection.lag()) === 0);
    expect(idsOf(await projection.facts(first))).toEqual(idsOf([received!, delayed!]));

    // As an instance finds it that knows the version which the older one did not.
    const unknown = await here.store.facts('bookings.v1', first);
    expect(unknown.map(({ id }) => id)).toContain(requested!.id);
    const unread = pack({ kind: 'record', record: standing(requested!, 0) });
    await here.store.drop('bookings.v1');
    const others = unknown.filter(({ id }) => id !== requested!.id);
    const kept = { document: first, id: requested!.id, body: { unread } };
    await here.store.keep('bookings.v1', [...others, kept]);
    const facts = await projection.facts(first);
    expect(idsOf(facts)).toEqual(idsOf(story(1)));
    expect(facts[0]?.data).not.toHaveProperty('customer');
  });

  it('leaves an event out that breaks its version when that is known at last', async () => {
    const here = world();
    const projection = play(here);
    await here.publish(eventOf('ticket.delayed', 1));
    await until(async () => (await projection.facts(first)).length === 1);
    const record = { ...standing(eventOf('booking.requested', 1), 0), value: Buffer.from('no {') };
    const body = { unread: pack({ kind: 'record', record }) };
    await here.store.keep('bookings.v1', [{ document: first, id: 'broken', body }]);
    expect(await projection.facts(first)).toHaveLength(1);
  });

  it('waits while the store is away, says so, and then goes on', async () => {
    const here = world();
    const store: Store = { ...here.store, keep: () => Promise.reject(new Error('away')) };
    const projection = play(here, { store });
    await here.publish(...story(1));
    await until(() => projection.waitsFor().includes('store: away'));
    store.keep = (set, facts) => here.store.keep(set, facts);
    await here.clock.advance(5_000);
    expect(projection.waitsFor()).toEqual([]);
    expect(await projection.facts(first)).toHaveLength(3);
  });

  it('rebuilds to the same, and answers meanwhile', async () => {
    const here = world({ partitions: 2 });
    const projection = play(here);
    await here.publish(...[1, 2, 3, 4].flatMap(story));
    await until(async () => (await projection.facts(bookingOf(4).bookingId)).length === 3);
    const before = await projection.facts(first);
    let over = false;
    const rebuilding = projection.rebuild().then((version) => ((over = true), version));
    while (!over) {
      expect(await projection.facts(first)).toEqual(before);
      await here.clock.advance(10);
    }
    expect(await rebuilding).toBe(2);
    expect(await projection.facts(first)).toEqual(before);
    await here.publish(eventOf('ticket.delayed', 1, { reason: 'again' }));
    await until(async () => (await projection.facts(first)).length === 4);
  });

  it('drops the old version when every instance has switched over to the new one', async () => {
    const here = world();
    const [one, other] = [play(here), play(here)];
    await here.publish(...story(1));
    await until(async () => (await one.facts(first)).length === 3);
    const rebuilding = one.rebuild();
    await here.clock.advance(100);
    await rebuilding;
    expect(await other.facts(first)).toHaveLength(3);
    await here.clock.advance(5_000);
    expect(await other.facts(first)).toHaveLength(3);
    await here.clock.advance(20_000);
    expect(sets(here)).toEqual(['bookings.v2']);
    expect(await other.facts(first)).toHaveLength(3);
    expect(await one.facts(first)).toHaveLength(3);
  });

  it('starts with the newest version, and drops what was left of the one before', async () => {
    const here = world();
    const old = play(here);
    await here.publish(...story(1));
    await until(async () => (await old.facts(first)).length === 3);
    const rebuilding = old.rebuild();
    await here.clock.advance(100);
    await rebuilding;
    await old.stop();
    expect(sets(here)).toEqual(['bookings.v1', 'bookings.v2']);
    const fresh = play(here);
    await until(() => fresh.waitsFor().length === 0);
    expect(await fresh.facts(first)).toHaveLength(3);
    await here.clock.advance(20_000);
    expect(sets(here)).toEqual(['bookings.v2']);
  });

  it('goes on with a rebuild that a stop interrupted', async () => {
    const here = world();
    let rebuilt = 0;
    const keeping = (atMost: number): Store => ({
      ...here.store,
      keep: async (set, facts) => {
        if (set.endsWith('v2') && rebuilt >= atMost) throw new Error('away');
        await here.store.keep(set, facts);
        if (set.endsWith('v2')) rebuilt += facts.length;
      },
    });
    const interrupted = play(here, { store: keeping(300) });
    await here.publish(...Array.from({ length: 300 }, (_, n) => story(n)).flat());
    await until(async () => (await interrupted.lag()) === 0);
    const rebuilding = interrupted.rebuild().catch((error: Error) => error.name);
    await until(() => here.happenings.includes('unavailable store'));
    const stopping = interrupted.stop();
    await here.clock.advance(10_000);
    await stopping;
    expect(await rebuilding).toBe('Stopped');
    expect(sets(here)).toEqual(['bookings.v1', 'bookings.v2']);
    expect(rebuilt).toBeLessThan(900);

    const again = play(here, { store: keeping(Infinity) });
    const secondTry = again.rebuild();
    await here.clock.advance(1_000);
    expect(await secondTry).toBe(2);
    expect(rebuilt).toBe(900);
    expect(await again.facts(first)).toHaveLength(3);
  });

  it('rebuilds once when it is asked twice at a time', async () => {
    const here = world();
    const projection = play(here);
    await here.publish(...story(1));
    await until(async () => (await projection.facts(first)).length === 3);
    const rebuilding = Promise.all([projection.rebuild(), projection.rebuild()]);
    await here.clock.advance(100);
    expect(await rebuilding).toEqual([2, 2]);
    await here.clock.advance(20_000);
    expect(here.logData.members.size).toBe(1);
    expect(sets(here)).toEqual(['bookings.v2']);
  });

  it('says nothing and does nothing on the log', async () => {
    const here = world();
    const projection = play(here);
    await here.publish(...story(1));
    await until(async () => (await projection.facts(first)).length === 3);
    const rebuilding = projection.rebuild();
    await here.clock.advance(100);
    await rebuilding;
    expect(here.logData.records.names()).toEqual(['booking', 'payment', 'ticket']);
    expect(here.records('ticket')).toHaveLength(1);
  });

  it('leaves nothing behind when it is stopped, however early', async () => {
    const here = world();
    const store: Store = { ...here.store };
    for (let turns = 0; turns < 40; turns += 1) {
      const projection = play(here, { store });
      await quiet(turns);
      await projection.stop();
    }
    await here.clock.advance(60_000);
    expect(here.clock.waiting()).toEqual([]);
    expect(here.logData.members.size).toBe(0);
  });

  it('ends quietly when it is stopped while the store is away', async () => {
    const here = world();
    const store: Store = { ...here.store };
    const projection = play(here, { store });
    await until(() => projection.waitsFor().length === 0);
    store.known = () => Promise.reject(new Error('away'));
    await here.clock.advance(5_000);
    await projection.stop();
    await here.clock.advance(10_000);
    expect(here.clock.waiting()).toEqual([]);
  });
});

describe('the order of facts', () => {
  /** Facts of which some cause others, some are of one sequence, and clocks disagree. */
  const facts = fc
    .array(
      fc.record({
        type: fc.constantFrom<EventType>('booking.withdrawn', 'seat.sold', 'ticket.revoked'),
        skewMs: fc.integer({ min: -3, max: 3 }),
        cause: fc.nat(),
      }),
      { maxLength: 25 },
    )
    .map((steps) => {
      const sequences = new Map<string, number>();
      const all: AnyEvent[] = [];
      for (const [index, { type, skewMs, cause }] of steps.entries()) {
        const sequence = (sequences.get(type) ?? 0) + 1;
        sequences.set(type, sequence);
        const causationId = all[cause % (all.length + 1)]?.id ?? 'a customer';
        const time = noon + index + skewMs;
        all.push(
          eventOf(type, 1, {}, {
            id: `${index}`,
            time,
            sequence,
            causationId,
          } as Partial<AnyEvent>),
        );
      }
      return all;
    });

  it('does not depend on the order of arrival, nor on copies', () => {
    fc.assert(
      fc.property(
        facts.chain((all) =>
          fc.tuple(
            fc.constant(all),
            fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length }),
          ),
        ),
        ([all, arrived]) => {
          expect(idsOf(inOrder(arrived))).toEqual(idsOf(inOrder(all)));
        },
      ),
    );
  });

  it('has causes before effects, and each topic by sequence, whatever the clocks say', () => {
    fc.assert(
      fc.property(facts, (all) => {
        const ordered = inOrder(all);
        const place = new Map(ordered.map(({ id }, index) => [id, index]));
        expect(ordered).toHaveLength(all.length);
        for (const [index, { causationId, type, sequence }] of ordered.entries()) {
          expect(place.get(causationId) ?? -1).toBeLessThan(index);
          const before = ordered.slice(0, index).filter((each) => each.type === type);
          expect(before.every((each) => each.sequence < sequence)).toBe(true);
        }
      }),
    );
  });

  it('is by time where neither tells', () => {
    const at = (time: number, type: EventType): AnyEvent => eventOf(type, 1, {}, { time });
    const all = [
      at(noon + 3, 'seat.sold'),
      at(noon, 'ticket.delayed'),
      at(noon + 1, 'section.opened'),
    ];
    const types = inOrder(all).map(({ type }) => type);
    expect(types).toEqual(['ticket.delayed', 'section.opened', 'seat.sold']);
  });

  it('takes a cycle that somebody forged', () => {
    const [one, other] = story(1);
    const cycle = [
      { ...one!, causationId: other!.id },
      { ...other!, causationId: one!.id },
    ];
    expect(idsOf(inOrder(cycle)).sort()).toEqual(idsOf(cycle).sort());
  });

  it('is found for 50,000 facts in one chain, the latest first by their clocks', () => {
    const model = eventOf('seat.sold', 1);
    const all = Array.from({ length: 50_000 }, (_, index): AnyEvent => ({
      ...model,
      id: `${index}`,
      causationId: `${index - 1}`,
      sequence: index + 1,
      time: noon - index,
    }));
    expect(idsOf(inOrder(all))).toEqual(idsOf(all));
  });
});
