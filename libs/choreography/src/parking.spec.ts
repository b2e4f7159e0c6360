import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type AnyEvent, dataSchemaOf } from '@ensemble/contracts';
import { type LogRecord, type NewRecord, partitionOf } from '@ensemble/log';
import type { Store } from '@ensemble/store';
import { deadLetter, deadTopic, type Letter, pack, redriveTopic } from './letter.ts';
import { parking, type ParkingPolicy } from './parking.ts';
import { persistence, type Ports } from './ports.ts';
import { type Running, start } from './runtime.ts';
import { reaction, say, service, toDo } from './service.ts';
import {
  bookingOf,
  eventOf,
  heardAt,
  noon,
  placeOnly,
  quiet,
  recordOf,
  standing,
  until,
  type World,
  world,
} from './spec-kit.ts';

const issue = toDo('issue')<null, string>({ firstMs: 1_000, maxMs: 8_000 });
/** Receipts and results that cannot be digested. */
const poison = new Set<string>();

/** Says each receipt again, and what its ticket became. */
const ticket = service(
  'ticket',
  { stream: 'booking', version: 1, initial: bookingOf(0), does: [issue] },
  {
    evolve: { 'payment.received': (_place, { data }) => placeOnly(data) },
    on: {
      'payment.received': reaction(['ticket.delayed'], (_place, { data }) => {
        if (poison.has(data.receipt)) throw new Error(`cannot digest ${data.receipt}`);
        const toIssue = data.receipt.startsWith('issue') ? [issue(null)] : [];
        return [say('ticket.delayed', { ...placeOnly(data), reason: data.receipt }), ...toIssue];
      }),
    },
    came: {
      issue: reaction(['ticket.delayed'], (place, came) => {
        const reason = came.ok ? came.result : came.reason;
        if (poison.has(reason)) throw new Error(`cannot digest ${reason}`);
        return [say('ticket.delayed', { ...place, reason })];
      }),
    },
  },
);

const paid = (booking: number, receipt: string): AnyEvent =>
  eventOf('payment.received', booking, { receipt });
const policy: ParkingPolicy = { firstMs: 1_000, maxMs: 8_000, limit: 4 };

const running: Running[] = [];
beforeEach(() => poison.clear());
afterEach(() => {
  for (const each of running.splice(0)) void each.stop({ drainMs: 0 });
});

const play = (
  here: World,
  instead: Partial<Ports> = {},
  deed = async () => 'issued',
  atMost = 10_000,
) => {
  let done = 0;
  const effects = { issue: () => ((done += 1), deed()) };
  const runtime = start(ticket, here.ports(instead), effects, { parking: { ...policy, atMost } });
  running.push(runtime as unknown as Running);
  return { runtime, done: () => done };
};

const parked = (here: World) => here.store.parked(0);
const reasons = (here: World): string[] =>
  here.records('ticket').map(({ value }) => JSON.parse(String(value)).reason as string);
const dead = (here: World) => here.records(deadTopic('ticket'));
const happened = (here: World, what: string): number =>
  here.happenings.filter((each) => each.startsWith(what)).length;
const back = (record: LogRecord): NewRecord => ({ ...record, topic: redriveTopic('ticket') });
const newerOf = (event: AnyEvent): NewRecord => {
  const record = recordOf(event);
  const headers = { ...record.headers, ce_dataschema: dataSchemaOf(event.type, 2) };
  return { ...record, headers };
};
const raw = (headers: Record<string, string>, value = '{}', topic = 'payment'): NewRecord => ({
  topic,
  key: 'hamlet/stalls',
  value: Buffer.from(value),
  headers,
});

describe('a runtime that cannot decide', () => {
  it('parks the stream in order, with the outcomes of its to-dos, and goes on with others', async () => {
    const here = world();
    const result = Promise.withResolvers<string>();
    const { done } = play(here, {}, () => result.promise);
    await here.publish(paid(1, 'issue'));
    await until(() => done() === 1);
    poison.add('bad');
    await here.publish(paid(1, 'bad'), paid(1, 'behind'), paid(2, 'other'));
    await until(() => happened(here, 'parked') === 2);
    result.resolve('issued');
    await until(() => happened(here, 'parked') === 3);
    await here.publish(paid(1, 'last'));
    await until(() => happened(here, 'parked') === 4);
    expect(reasons(here)).toEqual(['issue', 'other']);

    poison.clear();
    await here.clock.advance(1_000);
    expect(reasons(here)).toEqual(['issue', 'other', 'bad', 'behind', 'issued', 'last']);
    expect(await parked(here)).toEqual([]);
    await here.publish(paid(1, 'next'));
    await until(() => reasons(here).includes('next'));
    expect(done()).toBe(1);
  });

  it('acknowledges what it parked, and parks it once however often it comes', async () => {
    const here = world();
    const { runtime } = play(here);
    poison.add('bad');
    await here.publish(paid(1, 'bad'), paid(1, 'behind'));
    await until(() => happened(here, 'parked') === 2);
    await quiet();
    expect(here.logData.progress.committed('ticket', 'payment', 0)).toBe(2);

    await runtime.stop();
    here.logData.progress.commit('ticket', 'payment', 0, 0);
    play(here);
    await until(() => here.logData.progress.committed('ticket', 'payment', 0) === 2);
    expect((await parked(here)).map(({ sequence, tries }) => [sequence, tries])).toEqual([
      [1, 0],
      [2, 0],
    ]);
  });

  it('tries again at times that follow from the parking, and counts the tries on file', async () => {
    const here = world();
    const { runtime } = play(here);
    poison.add('bad');
    await here.publish(paid(1, 'bad'));
    await until(() => happened(here, 'parked') === 1);
    expect(here.clock.waiting()).toContain(noon + 1_000);
    await here.clock.advance(1_000);
    expect(here.clock.waiting()).toContain(noon + 3_000);
    await here.clock.advance(500);
    await runtime.stop();
    expect((await parked(here)).map(({ at, tries }) => [at, tries])).toEqual([[noon, 1]]);

    play(here);
    await until(() => here.clock.waiting().includes(noon + 3_000));
    await here.clock.advance(1_500);
    expect((await parked(here)).map(({ at, tries }) => [at, tries])).toEqual([[noon, 2]]);
    expect(here.clock.waiting()).toContain(noon + 7_000);
  });

  it('does not spend at once, after it was down, the tries that it slept through', async () => {
    const here = world();
    const { runtime } = play(here);
    poison.add('bad');
    await here.publish(paid(1, 'bad'));
    await until(() => happened(here, 'parked') === 1);
    await runtime.stop();
    await here.clock.advance(3_600_000);
    play(here);
    await here.clock.advance(0);
    expect((await parked(here)).map(({ tries }) => tries)).toEqual([1]);
    expect(here.clock.waiting().some((at) => at > here.clock.now())).toBe(true);
    poison.clear();
    await here.clock.advance(8_000);
    expect(reasons(here)).toEqual(['bad']);
  });

  it('gives it up at the limit with the reason, and goes on with what stood behind', async () => {
    const here = world();
    play(here);
    poison.add('bad');
    const bad = paid(1, 'bad');
    await here.publish(bad, paid(1, 'behind'));
    await here.clock.advance(60_000);
    expect(reasons(here)).toEqual(['behind']);
    expect(await parked(here)).toEqual([]);
    expect(dead(here)).toEqual([
      {
        ...recordOf(bad),
        topic: deadTopic('ticket'),
        partition: 0,
        offset: 0,
        timestamp: noon + 1_000 + 2_000 + 4_000 + 8_000,
        headers: {
          ...recordOf(bad).headers,
          'x-dlq-topic': 'payment',
          'x-dlq-partition': '0',
          'x-dlq-offset': '0',
          'x-dlq-group': 'ticket',
          'x-dlq-reason': 'ticket cannot decide: cannot digest bad',
          'x-dlq-first-failed-at': new Date(noon).toISOString(),
        },
      },
    ]);
    await here.publish(paid(1, 'next'));
    await until(() => reasons(here).includes('next'));
  });

  it('decides on a dead letter that comes back, once', async () => {
    const here = world();
    play(here);
    poison.add('bad');
    await here.publish(paid(1, 'bad'));
    await here.clock.advance(60_000);
    poison.clear();
    const [letter] = dead(here);
    await here.log.append([back(letter!)]);
    await until(() => reasons(here).includes('bad'));
    await here.log.append([back(letter!)]);
    await until(() => here.happenings.includes('copied payment.received'));
    expect(reasons(here)).toEqual(['bad']);
  });

  it('keeps where a letter died first when it dies again', async () => {
    const here = world();
    play(here);
    poison.add('bad');
    await here.publish(paid(1, 'good'), paid(1, 'bad'));
    await here.clock.advance(60_000);
    await here.log.append([back(dead(here)[0]!)]);
    await here.clock.advance(60_000);
    const [first, second] = dead(here).map(({ headers }) => headers);
    expect(second).toEqual(first);
    expect(first).toMatchObject({ 'x-dlq-topic': 'payment', 'x-dlq-offset': '1' });
  });

  it('lets an outcome die without doing its to-do again, and hears it when it comes back', async () => {
    const here = world();
    const { done } = play(here);
    poison.add('issued');
    await here.publish(paid(1, 'issue'));
    await here.clock.advance(600_000);
    expect(dead(here).map(({ headers }) => headers['x-dlq-came'])).toEqual(['issue']);
    expect([done(), reasons(here)]).toEqual([1, ['issue']]);
    poison.clear();
    await here.log.append([back(dead(here)[0]!)]);
    await until(() => reasons(here).length === 2);
    expect(reasons(here)).toEqual(['issue', 'issued']);
  });

  it('parks a newer version, and the stream behind it', async () => {
    const here = world();
    play(here);
    await until(() => here.logData.topics.has('payment'));
    await here.log.append([newerOf(paid(1, 'newer')), recordOf(paid(1, 'behind'))]);
    await until(() => happened(here, 'parked') === 2);
    expect((await parked(here)).map(({ reason }) => reason)).toEqual([
      'ticket cannot decide: its version of payment.received is newer',
      'ticket cannot decide: its version of payment.received is newer',
    ]);
    expect(reasons(here)).toEqual([]);
  });

  it('parks in the order of coming what fails, and a newer version behind it', async () => {
    const here = world();
    await here.log.declare([{ name: 'payment' }]);
    const batch = [paid(1, 'bad'), paid(1, 'newer'), paid(1, 'behind')];
    const [bad, , behind] = batch.map(recordOf);
    await here.log.append([bad!, newerOf(batch[1]!), behind!]);
    poison.add('bad');
    play(here);
    await until(() => happened(here, 'parked') === 3);
    const ids = batch.map(({ id }) => id);
    expect((await parked(here)).map(({ id }) => id)).toEqual(ids);
    const parkings = here.happenings.filter((each) => each.startsWith('parked'));
    expect(parkings).toEqual(ids.map((id) => `parked ${id}`));
    await here.clock.advance(1_000);
    expect(here.happenings.filter((each) => each.startsWith('unparked'))).toEqual([]);

    poison.clear();
    await here.clock.advance(120_000);
    expect(reasons(here)).toEqual(['bad', 'behind']);
    const over = here.happenings.filter((each) => /^(unparked|dead) /.test(each));
    expect(over).toEqual([`unparked ${ids[0]}`, `dead ${ids[1]}`, `unparked ${ids[2]}`]);
    expect(await parked(here)).toEqual([]);
  });

  it('acknowledges nothing more when too much is parked, and goes on when there is room', async () => {
    const here = world();
    await here.publish(paid(1, 'bad'), paid(1, 'second'), paid(1, 'third'), paid(2, 'other'));
    poison.add('bad');
    const { runtime } = play(here, {}, undefined, 2);
    await until(() => happened(here, 'parked') === 2 && reasons(here).length === 1);
    await quiet();
    expect(runtime.status().parked).toMatchObject({ inputs: 2 });
    expect(here.logData.progress.committed('ticket', 'payment', 0)).toBe(2);

    poison.clear();
    await here.clock.advance(60_000);
    await until(() => here.logData.progress.committed('ticket', 'payment', 0) === 4);
    await here.clock.advance(60_000);
    expect(reasons(here).filter((each) => each !== 'other')).toEqual(['bad', 'second', 'third']);
    expect(await parked(here)).toEqual([]);
  });

  it('keeps the order of a stream when room comes while its first is turned away', async () => {
    const here = world();
    const trouble = persistence('ticket', here.ports());
    const hooks = { policy: { ...policy, atMost: 1 }, freed: () => undefined };
    const retried: string[] = [];
    const full = parking('ticket', 0, here.ports(), trouble, {
      ...hooks,
      retry: async (stream) => {
        retried.push(stream);
        return null;
      },
    });
    const letters = ['first', 'second'].map((receipt, offset) => ({
      kind: 'record' as const,
      record: standing(paid(1, receipt), offset),
    }));
    const come = (stream: string, letter: Letter & { kind: 'record' }) => {
      const id = `${stream}/${letter.record.offset}`;
      const turn = full.turn(stream, letter);
      return () => full.park({ stream, id, turn, letter, reason: 'cannot be decided' });
    };
    const [first, second] = letters;
    await come('other', first!)();
    const parkBoth = [come('this', first!), come('this', second!)];
    await expect(parkBoth[0]!()).rejects.toThrow('too much parked');
    await here.clock.advance(policy.firstMs);
    expect(retried).toEqual(['other']);
    await expect(parkBoth[1]!()).rejects.toThrow('too much parked');

    for (const parks of [come('this', first!), come('this', second!)]) {
      await parks().catch(() => undefined);
    }
    expect((await parked(here)).map(({ id }) => id)).toEqual(['this/0']);
    await here.clock.advance(policy.firstMs);
    await come('this', second!)();
    expect((await parked(here)).map(({ id }) => id)).toEqual(['this/1']);
    full.stop();
  });

  it('has on file what comes back while it is parked, though a zombie has let it go', async () => {
    const here = world();
    const { runtime } = play(here);
    poison.add('bad');
    await here.publish(paid(1, 'bad'));
    await until(() => happened(here, 'parked') === 1);
    const before = await parked(here);
    await here.store.unpark(before);
    const letter = { kind: 'record', record: standing(paid(1, 'bad'), 0) } as const;
    const at = { stream: '', partition: 0, reason: 'given up', at: noon };
    const died = { ...deadLetter('ticket', letter, at), partition: 0, offset: 0, timestamp: noon };
    await here.log.append([back(died)]);
    await until(() => here.logData.progress.committed('ticket', redriveTopic('ticket'), 0) === 1);
    expect(await parked(here)).toEqual(before);

    await runtime.stop();
    poison.clear();
    play(here);
    await here.clock.advance(1_000);
    expect(reasons(here)).toEqual(['bad']);
  });

  it('keeps what comes back while it is on its way to the dead letters', async () => {
    const here = world();
    const answered = Promise.withResolvers<void>();
    const append: Ports['log']['append'] = async (records) => {
      await here.log.append(records);
      if (records.some(({ topic }) => topic === deadTopic('ticket'))) await answered.promise;
    };
    play(here, { log: { ...here.log, append } });
    poison.add('bad');
    await here.publish(paid(1, 'bad'));
    await here.clock.advance(60_000);
    expect([dead(here).length, happened(here, 'dead')]).toEqual([1, 0]);
    await here.log.append([back(dead(here)[0]!)]);
    await until(() => here.logData.progress.committed('ticket', redriveTopic('ticket'), 0) === 1);
    answered.resolve();
    await until(() => happened(here, 'dead') === 1);
    await quiet();
    expect(await parked(here)).toHaveLength(1);

    poison.clear();
    await here.clock.advance(60_000);
    expect([reasons(here), await parked(here)]).toEqual([['bad'], []]);
  });

  it('tries in the order of the log what two processes have parked', async () => {
    const here = world();
    const { bookingId: stream } = bookingOf(1);
    const inputs = ['first', 'second', 'third'].map((receipt, offset) => {
      const input = pack({ kind: 'record', record: standing(paid(1, receipt), offset) });
      const { id } = heardAt(offset, paid(1, receipt));
      return { stream, partition: 0, id, at: noon - 1_000, tries: 0, reason: 'bad', input };
    });
    // A zombie counts on from where it was: what it parked last may stand first on file.
    const turns = [7, 3, 5];
    await here.store.park(
      inputs.map((input, index) => ({ ...input, sequence: turns[index] ?? 0 })),
    );
    play(here);
    await here.clock.advance(0);
    expect(reasons(here)).toEqual(['first', 'second', 'third']);
  });

  it('keeps the order when it dies between parking an input and a newer one behind it', async () => {
    const here = world();
    await here.log.declare([{ name: 'payment' }]);
    const batch = [paid(1, 'bad'), paid(1, 'newer'), paid(1, 'behind')];
    await here.log.append([recordOf(batch[0]!), newerOf(batch[1]!), recordOf(batch[2]!)]);
    poison.add('bad');
    const dying: Store = { ...here.store };
    let stored = 0;
    dying.park = (inputs) =>
      (stored += 1) === 1 ? here.store.park(inputs) : Promise.reject(new Error('away'));
    const { runtime } = play(here, { store: dying });
    await until(() => stored > 1);
    const stopped = runtime.stop({ drainMs: 0 });
    await here.clock.advance(0);
    await stopped;
    expect((await parked(here)).map(({ id }) => id)).toEqual([batch[0]!.id]);

    play(here);
    await until(() => here.logData.progress.committed('ticket', 'payment', 0) === 3);
    expect((await parked(here)).map(({ id }) => id)).toEqual(batch.map(({ id }) => id));
    poison.clear();
    await here.clock.advance(120_000);
    const over = here.happenings.filter((each) => /^(unparked|dead) /.test(each));
    const [bad, newer, behind] = batch.map(({ id }) => id);
    expect(over).toEqual([`unparked ${bad}`, `dead ${newer}`, `unparked ${behind}`]);
  });

  it('lets a dead outcome come back to the home of its section', async () => {
    const here = world({ partitions: 3 });
    const home = partitionOf('hamlet/stalls', 3);
    const elsewhere = (n: number): boolean => partitionOf(bookingOf(n).bookingId, 3) !== home;
    const booking = [1, 2, 3, 4, 5, 6, 7, 8].find(elsewhere)!;
    const { done } = play(here);
    poison.add('issued');
    await here.publish(paid(booking, 'issue'));
    await here.clock.advance(600_000);
    expect(dead(here).map(({ partition }) => partition)).toEqual([home]);
    poison.clear();
    await here.log.append([back(dead(here)[0]!)]);
    await until(() => reasons(here).length === 2);
    const commits = await here.store.load(bookingOf(booking).bookingId, 0);
    expect(commits.map(({ partition }) => partition)).toEqual([home, home]);
    expect(done()).toBe(1);
  });

  it('does not do again, when its group is replayed, what has its outcome among the dead', async () => {
    const here = world();
    const { runtime, done } = play(here);
    poison.add('issued');
    await here.publish(paid(1, 'issue'));
    await here.clock.advance(600_000);
    expect([done(), dead(here).length]).toEqual([1, 1]);
    await runtime.stop();
    here.logData.progress.commit('ticket', 'payment', 0, 0);
    const again = play(here);
    await until(() => happened(here, 'repeated') === 1);
    await here.clock.advance(600_000);
    expect([again.done(), dead(here).length]).toEqual([0, 1]);
    expect(here.storeData.toDos.size).toBe(0);
  });

  it('acknowledges a newer version that another instance has decided on', async () => {
    const here = world();
    const knowing = play(here);
    await here.publish(paid(1, 'newer'));
    await until(() => reasons(here).length === 1);
    await knowing.runtime.stop();
    here.logData.progress.commit('ticket', 'payment', 0, 0);
    const record = here.records('payment')[0]!;
    Object.assign(record, newerOf(paid(1, 'newer')));
    play(here);
    await until(() => happened(here, 'repeated') === 1);
    expect(await parked(here)).toEqual([]);
  });

  it('takes up what an older version parked as newer, as soon as it can read it', async () => {
    const here = world();
    const { bookingId: stream } = bookingOf(1);
    const letter = { kind: 'record', record: standing(paid(1, 'newer'), 0) } as const;
    const { id } = heardAt(0, paid(1, 'newer'));
    const [at, reason] = [noon - 3_000, 'payment.received has a newer version'];
    const input = pack(letter);
    const older = { stream, partition: 0, id, sequence: 1, at, tries: 1, reason, input };
    await here.store.park([older]);
    play(here);
    await here.clock.advance(0);
    expect(reasons(here)).toEqual(['newer']);
    expect(await parked(here)).toEqual([]);
  });

  it('counts nothing while the store is away, and stops quietly then', async () => {
    const here = world();
    const store: Store = { ...here.store };
    const { runtime } = play(here, { store });
    poison.add('bad');
    await here.publish(paid(1, 'bad'));
    await until(() => happened(here, 'parked') === 1);
    store.park = () => Promise.reject(new Error('away'));
    await here.clock.advance(600_000);
    expect((await parked(here)).map(({ tries }) => tries)).toEqual([0]);
    expect(runtime.status()).toMatchObject({
      waitsFor: ['store: away'],
      parked: { streams: 1, inputs: 1, oldest: noon },
    });
    await runtime.stop();
    await here.clock.advance(10_000);
    expect(here.clock.waiting()).toEqual([]);
  });
});

describe('a runtime that meets what nobody can read', () => {
  const dying = async (...records: readonly NewRecord[]) => {
    const here = world();
    play(here);
    await until(() => here.logData.topics.has('payment'));
    await here.log.append(records);
    await here.publish(paid(1, 'good'));
    await until(() => reasons(here).length === 1);
    return dead(here).map(({ headers, value }) => ({ headers, value: String(value) }));
  };

  it('puts it to the dead letters at once, says where it stood and why, and goes on', async () => {
    const [letter, ...others] = await dying(raw({ ce_type: 'payment.received' }, 'no {json'));
    expect(others).toEqual([]);
    expect(letter).toEqual({
      value: 'no {json',
      headers: {
        ce_type: 'payment.received',
        'x-dlq-topic': 'payment',
        'x-dlq-partition': '0',
        'x-dlq-offset': '0',
        'x-dlq-group': 'ticket',
        'x-dlq-reason': expect.stringContaining("not a CloudEvent's"),
        'x-dlq-first-failed-at': new Date(noon).toISOString(),
      },
    });
  });

  it('does not believe where a record of an ordinary topic says it stood', async () => {
    const forged = { 'x-dlq-topic': 'booking', 'x-dlq-offset': '99', 'x-redrive-of': 'x/1/1' };
    const [letter] = await dying(raw(forged));
    expect(letter?.headers).toMatchObject({ 'x-dlq-topic': 'payment', 'x-dlq-offset': '0' });
    expect(letter?.headers).not.toHaveProperty('x-redrive-of');
  });

  it('takes no outcome of a to-do from an ordinary topic, nor from there by way of redrive', async () => {
    const here = world();
    const { done } = play(here, {}, () => new Promise(() => {}));
    await here.publish(paid(1, 'issue'));
    await until(() => done() === 1);
    const [toDo] = await here.store.due({ partition: 0, before: Infinity, limit: 1 });
    const { id, stream } = toDo!;
    const came = { id, args: null, time: noon, ok: true, result: 'forged' };
    const forged = raw(
      { 'x-dlq-came': 'issue', 'x-dlq-stream': stream },
      JSON.stringify({ kind: 'came', id, name: 'issue', came }),
    );
    await here.log.append([forged]);
    await until(() => dead(here).length === 1);
    await here.log.append([back(dead(here)[0]!)]);
    await until(() => dead(here).length === 2);
    expect(reasons(here)).toEqual(['issue']);
  });

  it.each(['null', '7', '{}', 'no json', '{"kind":"came","id":"x","name":"issue","came":null}'])(
    'puts an outcome that is %s to the dead letters, and goes on',
    async (value) => {
      const headers = { 'x-dlq-came': 'issue', 'x-dlq-stream': bookingOf(1).bookingId };
      const [letter] = await dying(raw(headers, value, redriveTopic('ticket')));
      expect(letter?.headers['x-dlq-reason']).toBe('the outcome of a to-do cannot be read');
    },
  );

  it('ignores what it does not hear and types that nobody knows', async () => {
    const unheard = recordOf(eventOf('payment.declined', 1));
    const unknown = { ...unheard.headers, ce_type: 'payment.pondered' };
    const letters = await dying(unheard, { ...unheard, headers: unknown });
    expect(letters).toEqual([]);
  });
});
