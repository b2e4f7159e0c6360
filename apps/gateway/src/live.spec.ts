import { afterEach, describe, expect, it } from '@jest/globals';
import { memoryLog } from '@ensemble/log';
import { memoryStore } from '@ensemble/store';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { bearing, hamlet, handClock, type Rehearsal, rehearse, until } from './rehearsal.ts';

const key = '8e03978e-40d5-43dd';
const stages: Rehearsal[] = [];
const streams: AbortController[] = [];
const raise = async (options: Parameters<typeof rehearse>[0] = {}): Promise<Rehearsal> => {
  const stage = await rehearse(options);
  stages.push(stage);
  return stage;
};
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.abort();
  await Promise.all(stages.splice(0).map((stage) => stage.end()));
});

/** Listens to a stream until the end of the test. */
const listen = async (stage: Rehearsal, path: string, headers: Record<string, string> = {}) => {
  const aborting = new AbortController();
  streams.push(aborting);
  const messages: EventSourceMessage[] = [];
  const comments: string[] = [];
  const parser = createParser({
    onEvent: (message) => void messages.push(message),
    onComment: (comment) => void comments.push(comment),
  });
  const response = await fetch(`${stage.url}${path}`, { headers, signal: aborting.signal });
  const decoder = new TextDecoder();
  let ended = false;
  const reading = async (): Promise<void> => {
    for await (const chunk of response.body ?? []) parser.feed(decoder.decode(chunk as Uint8Array));
  };
  void reading()
    .catch(() => undefined)
    .then(() => (ended = true));
  return {
    response,
    messages,
    comments,
    hasEnded: () => ended,
    close: () => aborting.abort(),
    /** The first document that pleases, as far as one comes in time. */
    // oxlint-disable-next-line typescript/no-explicit-any
    when: async (pleases: (document: any) => boolean) => {
      const found = () => messages.find(({ data }) => pleases(JSON.parse(data)));
      return until(found, (message) => message !== undefined);
    },
  };
};

const booked = async (stage: Rehearsal) => {
  await stage.gateway.openShow(hamlet, { by: 'spec' });
  const { bookingId, token } = (await stage.book(key)).body;
  return { bookingId, path: `/api/bookings/${bookingId}/live`, headers: bearing(token) };
};
const statesOf = (messages: readonly EventSourceMessage[]): string[] =>
  messages.map(({ data }) => JSON.parse(data).state);

describe('the live stream of a booking', () => {
  it('sends the whole booking, again whenever it changed', async () => {
    const stage = await raise();
    const { bookingId, path, headers } = await booked(stage);
    const { response, messages, when } = await listen(stage, path, headers);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    await when(({ state }) => state === 'requested');
    await stage.says('seat.reserved', { bookingId });
    await when(({ state }) => state === 'reserved');
    await stage.says('seat.reserved', { bookingId: '0'.repeat(32) });
    await stage.says('payment.received', { bookingId });
    const paid = await when(({ state }) => state === 'paid');
    expect(statesOf(messages)).toEqual(['requested', 'reserved', 'paid']);
    expect(paid?.event).toBe('booking');
    expect(JSON.parse(paid?.data ?? '')).toEqual(
      (await stage.ask(`/api/bookings/${bookingId}`, { headers })).body,
    );
  });

  it('says nothing when the same is heard again', async () => {
    const stage = await raise();
    const { bookingId, path, headers } = await booked(stage);
    const { messages, when } = await listen(stage, path, headers);
    await when(({ state }) => state === 'requested');
    const ends = await stage.log.ends(['booking']);
    const before = ends['booking']?.reduce((sum, end) => sum + end, 0);
    const records: Parameters<typeof stage.log.append>[0][number][] = [];
    const reader = stage.log.read({
      topics: ['booking'],
      from: 'start',
      onRecords: (batch) => void records.push(...batch),
    });
    await reader.caughtUp;
    await reader.stop();
    expect(records).toHaveLength(before ?? -1);
    await stage.log.append(records);
    await stage.says('seat.reserved', { bookingId });
    await when(({ state }) => state === 'reserved');
    expect(statesOf(messages)).toEqual(['requested', 'reserved']);
  });

  it('goes on without a gap where it was cut off', async () => {
    const stage = await raise();
    const { bookingId, path, headers } = await booked(stage);
    const first = await listen(stage, path, headers);
    const { id } = (await first.when(({ state }) => state === 'requested')) ?? {};
    expect(id).toMatch(/^booking\/\d+:\d+,seat\/\d+:\d+,payment\/\d+:\d+,ticket\/\d+:\d+,/);
    first.close();
    await stage.says('seat.reserved', { bookingId });
    await stage.says('payment.received', { bookingId });
    const second = await listen(stage, path, { ...headers, 'Last-Event-ID': id ?? '' });
    await second.when(({ state }) => state === 'paid');
    await stage.says('ticket.generated', { bookingId });
    await second.when(({ state }) => state === 'ticketed');
    expect(statesOf(second.messages).at(-1)).toBe('ticketed');
  });

  it('waits at a gateway that has not read as much', async () => {
    const [log, store] = [memoryLog(), memoryStore()];
    const ahead = await raise({ log, store });
    const { bookingId, path, headers } = await booked(ahead);
    const goOn = Promise.withResolvers<void>();
    const behind = await raise({
      store,
      log: {
        ...log,
        read: (options) =>
          log.read({
            ...options,
            onRecords: async (records) => {
              if (options.from === 'end') await goOn.promise;
              await options.onRecords(records);
            },
          }),
      },
    });
    const first = await listen(ahead, path, headers);
    await ahead.says('seat.reserved', { bookingId });
    await first.when(({ state }) => state === 'reserved');
    await ahead.says('payment.received', { bookingId });
    const { id } = (await first.when(({ state }) => state === 'paid')) ?? {};

    const resuming = listen(behind, path, { ...headers, 'Last-Event-ID': id ?? '' });
    const opened = () => behind.gateway.status().streams > 0;
    expect(await until(opened, Boolean, 100)).toBe(false);
    goOn.resolve();
    const second = await resuming;
    await second.when(({ state }) => state === 'paid');
    expect(statesOf(second.messages)).toEqual(['paid']);
  });

  it('shows what the read model takes in late, though this gateway never read it', async () => {
    const [log, store] = [memoryLog(), memoryStore()];
    const first = await raise({ log, store });
    const { bookingId, path, headers } = await booked(first);
    await first.gateway.stop({ drainMs: 100 });
    await first.says('seat.reserved', { bookingId });
    const goOn = Promise.withResolvers<void>();
    const consume: typeof log.consume = (options) =>
      log.consume({
        ...options,
        handle: async (batch) => {
          await goOn.promise;
          await options.handle(batch);
        },
      });
    const second = await raise({ store, log: { ...log, consume } });
    const { messages, when } = await listen(second, path, headers);
    await when(({ state }) => state === 'requested');
    goOn.resolve();
    await when(({ state }) => state === 'reserved');
    expect(statesOf(messages)).toEqual(['requested', 'reserved']);
  });

  it('does not wait for what was never written', async () => {
    const stage = await raise();
    const { path, headers } = await booked(stage);
    const far = 'booking/0:999999,seat/0:999999,payment/1:5,nonsense';
    const { when } = await listen(stage, path, { ...headers, 'Last-Event-ID': far });
    expect(await when(({ state }) => state === 'requested')).toBeDefined();
  });

  it('shows every 15 seconds that it is still there', async () => {
    const clock = handClock();
    const stage = await raise({ clock });
    const { path, headers } = await booked(stage);
    const { comments, when } = await listen(stage, path, headers);
    await when(({ state }) => state === 'requested');
    clock.advance(14_000);
    expect(comments).toEqual([]);
    clock.advance(1_000);
    await until(
      () => comments,
      ({ length }) => length > 0,
    );
    expect(comments).toEqual(['still here']);
  });

  it('ends when the gateway stops, and is forgotten when the client goes', async () => {
    const stage = await raise();
    const { path, headers } = await booked(stage);
    const [one, other] = [await listen(stage, path, headers), await listen(stage, path, headers)];
    const count = () => stage.gateway.status().streams;
    expect(await until(count, (streams) => streams === 2)).toBe(2);
    one.close();
    expect(await until(count, (streams) => streams === 1)).toBe(1);
    await stage.gateway.stop({ drainMs: 100 });
    expect(await until(other.hasEnded, Boolean)).toBe(true);
  });
});

describe('the live stream of a show', () => {
  const seatOf = (
    show: { sections: { seats: { seat: string; state: string }[] }[] },
    seat: string,
  ) => show.sections.flatMap(({ seats }) => seats).find((each) => each.seat === seat)?.state;

  it('sends the whole map, again whenever a seat changed', async () => {
    const stage = await raise();
    const { bookingId } = await booked(stage);
    const { when } = await listen(stage, '/api/shows/hamlet/live');
    await when((show) => seatOf(show, 'A-12') === 'free');
    await stage.says('seat.reserved', { bookingId });
    const held = await when((show) => seatOf(show, 'A-12') === 'held');
    expect(held?.event).toBe('show');
    expect(held?.id).toMatch(/^section\/\d+:\d+,seat\/\d+:\d+/);
    await stage.says('seat.sold', { bookingId });
    expect(await when((show) => seatOf(show, 'A-12') === 'sold')).toBeDefined();
  });

  it('shows a section that is opened later', async () => {
    const stage = await raise();
    await booked(stage);
    const { when } = await listen(stage, '/api/shows/hamlet/live');
    await when((show) => show.sections.length === 2);
    const boxes = { ...hamlet.sections[1]!, section: 'boxes' };
    await stage.gateway.openShow({ ...hamlet, sections: [boxes] }, { by: 'spec' });
    expect(await when((show) => show.sections.length === 3)).toBeDefined();
  });
});
