import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Clock, declare, deadLetterHeaders as marks, flowTopic } from '@ensemble/choreography';
import { reaction, service } from '@ensemble/choreography';
import { type AnyEvent, events, type EventType, writeEvent } from '@ensemble/contracts';
import { serve, type Served } from '@ensemble/host';
import { type Log, memoryLog, memoryLogData, type NewRecord } from '@ensemble/log';
import { attribute } from '@ensemble/telemetry';
import { requestOf, spanOf } from './collector/spec-kit.ts';
import { folder, noon } from './ledger/spec-kit.ts';
import { type Monitor, type MonitorOptions, openMonitor, putBackOn } from './open.ts';
import type { DeadView, LiveView, RehearsalView, StoryView } from './views.ts';

const bookingId = 'a'.repeat(32);
const place = { bookingId, showId: 'hamlet', section: 'stalls' };

/** Time stands still, and what is due comes when a spec says so. */
const handClock = (): Clock & { tick(): void } => {
  let tasks: (() => void)[] = [];
  return {
    now: () => noon,
    after: (_ms, task) => {
      tasks.push(task);
      return () => void (tasks = tasks.filter((each) => each !== task));
    },
    tick: () => {
      for (const task of tasks.splice(0)) task();
    },
  };
};

const said = (type: EventType, id: string, more: Record<string, string> = {}): NewRecord => {
  const definition = events[type];
  const { topic, key, headers, value } = writeEvent({
    id,
    type,
    source: `/ensemble/${definition.owner}`,
    time: noon,
    version: 1,
    key: 'hamlet/stalls',
    correlationId: bookingId,
    causationId: 'spec',
    sequence: 1,
    data: { ...definition.example, ...place },
  } as unknown as AnyEvent);
  return { topic, key, headers: { ...headers, ...more }, value: Buffer.from(value) };
};

const seat = service(
  'seat',
  { stream: 'section', version: 1, initial: null },
  { evolve: {}, on: { 'booking.requested': reaction(['seat.refused'], () => []) } },
);
const declaration: NewRecord = {
  topic: flowTopic,
  key: 'seat',
  headers: {},
  value: Buffer.from(JSON.stringify(declare(seat))),
};
const letter: NewRecord = {
  ...said('booking.requested', 'event-1'),
  topic: 'seat.dead',
  value: Buffer.from('{'),
};
const dead: NewRecord = {
  ...letter,
  headers: {
    ...letter.headers,
    [marks.topic]: 'booking',
    [marks.partition]: '0',
    [marks.offset]: '0',
    [marks.group]: 'seat',
    [marks.reason]: 'no JSON',
  },
};

let log: Log;
let clock: ReturnType<typeof handClock>;
let temporary: ReturnType<typeof folder>;
let monitor: Monitor;
let server: Served;
let warned: unknown[];

const begin = async (more: Partial<MonitorOptions> = {}): Promise<void> => {
  monitor = openMonitor({
    log,
    putBack: putBackOn(log),
    clock,
    file: join(temporary.path, 'monitor.db'),
    keeping: { ageMs: Infinity, bytes: Infinity },
    operators: new Map([['ada', 'token-of-ada']]),
    tables: [seat],
    hosts: ['monitor.example.org'],
    page: null,
    links: [],
    warn: (what, error) => void warned.push([what, error]),
    ...more,
  });
  server = await serve(monitor.app, { host: '127.0.0.1', port: 0, variable: 'MONITOR_PORT' });
  await monitor.caughtUp;
};
const end = async (): Promise<void> => {
  await monitor.stop();
  await server.stop();
};

beforeEach(async () => {
  warned = [];
  clock = handClock();
  temporary = folder();
  log = memoryLog(memoryLogData({ partitions: 1, now: () => noon }));
  await log.declare([
    { name: flowTopic, compacted: true },
    ...['booking', 'seat', 'seat.dead', 'seat.redrive'].map((name) => ({ name })),
  ]);
  await log.append([declaration, said('booking.requested', 'event-1')]);
});
afterEach(async () => {
  await end();
  temporary[Symbol.dispose]();
  expect(warned).toEqual([]);
});

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server.url}${path}`, { headers });
const view = async <View>(path: string, headers = {}): Promise<View> => {
  const response = await get(path, headers);
  expect([path, response.status]).toEqual([path, 200]);
  return (await response.json()) as View;
};
const post = (path: string, body: unknown, token = 'token-of-ada'): Promise<Response> =>
  fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
/** Everything that is on the log has been taken in. */
const heard = async (topic: string, count: number): Promise<void> => {
  for (;;) {
    const { records } = await view<{ records: unknown[] }>(`/api/records?topic=${topic}`);
    if (records.length >= count) return;
  }
};
const everyView = [
  'map',
  'bookings',
  'stuck',
  'conformance',
  'analytics',
  'insights',
  'dead',
].concat(['records', 'audit', `bookings/${bookingId}`]);
const content = async () =>
  Object.fromEntries(
    await Promise.all(everyView.map(async (name) => [name, await view(`/api/${name}`)])),
  );

describe('the monitor', () => {
  it('shows the same, whether it was there, came late, or was away meanwhile', async () => {
    const late = said('seat.refused', 'event-2', { ce_causationid: 'event-1' });
    await begin();
    await end();
    await log.append([late, dead]);
    await begin();
    await heard('seat.dead', 1);
    const resumed = await content();
    await end();
    temporary[Symbol.dispose]();
    temporary = folder();
    await begin();
    expect(await content()).toEqual(resumed);
    expect(resumed['records'].records).toHaveLength(4);
  });

  it('tells the story of a booking from the log and from spans', async () => {
    await begin();
    const at = { startMs: noon - 2, endMs: noon - 1 };
    monitor.span(
      spanOf(1, bookingId, {
        ...at,
        attributes: {
          [attribute.conversationId]: bookingId,
          [attribute.eventType]: 'booking.requested',
        },
      }),
    );
    const sent = await fetch(`${server.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(requestOf([spanOf(2, bookingId, at), spanOf(3, null, at)])),
    });
    expect(sent.status).toBe(200);
    const story = await view<StoryView>(`/api/bookings/${bookingId}`);
    expect(story.booking).toMatchObject({ bookingId, lastEvent: 'booking.requested' });
    expect(story.spans.map(({ spanId }) => Number(spanId))).toEqual([1, 2, 3]);
    expect(story.records).toMatchObject([{ position: 'booking/0/0' }]);
  });

  it('blots out personal data, unless a named operator asks, which is put down', async () => {
    await begin();
    const { name } = events['booking.requested'].example.customer;
    const path = `/api/bookings/${bookingId}`;
    expect(JSON.stringify(await view(path))).not.toContain(name);
    expect(JSON.stringify(await view('/api/records'))).not.toContain(name);
    const headers = { authorization: 'Bearer token-of-ada' };
    expect(JSON.stringify(await view(path, headers))).toContain(name);
    expect(await view('/api/audit')).toMatchObject({
      entries: [{ who: 'ada', what: 'unblot', about: bookingId }],
    });
    expect((await get(path, { authorization: 'Bearer odd' })).status).toBe(401);
  });

  it('gives dead letters back in the name of an operator, and to nobody else', async () => {
    await log.append([dead]);
    await begin();
    const { letters } = await view<DeadView>('/api/dead');
    expect(letters).toMatchObject([{ id: 'seat.dead/0/0', service: 'seat' }]);
    const command = { ids: ['seat.dead/0/0'], why: 'it was mended' };
    expect((await post('/api/dead/redrive', command, 'odd')).status).toBe(401);
    expect((await post('/api/dead/redrive', { ...command, why: ' ' })).status).toBe(422);
    expect(await (await post('/api/dead/redrive', command)).json()).toEqual({
      done: ['seat.dead/0/0'],
      failed: [],
    });
    await heard('seat.redrive', 1);
    expect(await view<DeadView>('/api/dead')).toEqual({ letters: [], count: 0, next: null });
    expect(await view('/api/audit')).toMatchObject({
      entries: [{ at: noon, who: 'ada', what: 'redrive', why: 'it was mended' }],
    });
  });

  it('replays events to one service, marked, and rehearses them', async () => {
    await begin();
    const command = { service: 'seat', booking: bookingId, why: 'to see' };
    const rehearsed = await post('/api/replay', { ...command, isRehearsal: true });
    expect((await rehearsed.json()) as RehearsalView).toMatchObject({
      heard: 1,
      lines: [{ position: 'booking/0/0', says: [], does: [], trouble: null }],
    });
    expect(await (await post('/api/replay', command)).json()).toEqual({
      service: 'seat',
      count: 1,
      isCut: false,
    });
    await heard('seat.redrive', 1);
    const { records } = await view<{ records: { headers: object }[] }>(
      '/api/records?topic=seat.redrive',
    );
    expect(records[0]!.headers).toMatchObject({
      ce_id: 'event-1',
      [marks.topic]: 'booking',
      [marks.redriveOf]: 'booking/0/0',
      [marks.redriveBy]: 'ada',
      [marks.redriveWhy]: 'to see',
    });
    expect((await post('/api/replay', { service: 'seat', why: 'all' })).status).toBe(422);
    const always = { service: 'seat', from: 0, why: 'all', isRehearsal: true };
    expect((await post('/api/replay', always)).status).toBe(200);
    expect((await post('/api/replay', { ...command, service: 'nobody' })).status).toBe(404);
  });

  it('tells live what is going on, the same to all', async () => {
    await begin();
    const abort = new AbortController();
    const [one, other] = await Promise.all(
      [1, 2].map(() => fetch(`${server.url}/api/live`, { signal: abort.signal })),
    );
    const readers = [one!, other!].map(({ body }) => body!.pipeThrough(new TextDecoderStream()));
    const streams = readers.map((each) => each.getReader());
    const next = async (index: number, wanted: (live: LiveView) => boolean): Promise<string> => {
      for (let text = ''; ;) {
        const { value = '' } = await streams[index]!.read();
        text += value;
        const found = [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => data);
        const match = found.find((data) => wanted(JSON.parse(data)));
        if (match !== undefined) return match;
      }
    };
    expect(JSON.parse(await next(0, () => true))).toMatchObject({ dead: 0 });
    await log.append([dead]);
    await heard('seat.dead', 1);
    clock.tick();
    const [first, second] = await Promise.all(
      [0, 1].map((n) => next(n, (live) => live.dead === 1)),
    );
    expect(first).toBe(second);
    abort.abort();
  });

  it('goes on every second while the log says nothing of itself', async () => {
    const silent = new Promise<never>(() => undefined);
    await begin({ log: { ...log, ends: () => silent, committed: () => silent } });
    const { body } = await fetch(`${server.url}/api/live`);
    const stream = body!.pipeThrough(new TextDecoderStream()).getReader();
    await stream.read();
    await log.append([dead]);
    await heard('seat.dead', 1);
    for (let text = ''; !text.includes('"dead":1}'); text += (await stream.read()).value ?? '') {
      // The second comes, and then the time up to which it waits for the log.
      clock.tick();
      await nextTurn();
      clock.tick();
    }
    await stream.cancel();
  });

  it('knows the same after it was looked at', async () => {
    await begin();
    const before = await view('/api/map');
    for (const name of everyView) await view(`/api/${name}`);
    expect(await view('/api/map')).toEqual(before);
  });

  it('answers under its own names only', async () => {
    await begin();
    const { port } = new URL(server.url);
    const status = async (host: string, path = '/api/map'): Promise<number> => {
      const { request } = await import('node:http');
      return new Promise((resolve, reject) => {
        const options = { port, host: '127.0.0.1', path, headers: { host } };
        request(options, (response) => resolve(response.resume().statusCode ?? 0))
          .on('error', reject)
          .end();
      });
    };
    expect(await status(`localhost:${port}`)).toBe(200);
    expect(await status(`[::1]:${port}`)).toBe(200);
    expect(await status('monitor.example.org')).toBe(200);
    expect(await status('evil.example')).toBe(421);
    expect(await status('localhost.evil.example')).toBe(421);
    expect(await status('a b')).toBe(421);
    expect(await status('evil.example', '/v1/traces')).toBe(421);
  });

  it('says what is wrong with a request', async () => {
    await begin();
    const problem = async (response: Promise<Response>) => {
      const { status, headers } = await response;
      expect(headers.get('content-type')).toMatch('application/problem+json');
      expect(headers.get('content-security-policy')).toMatch("default-src 'none'");
      return status;
    };
    expect(await problem(get('/api/map?at=yesterday'))).toBe(422);
    expect(await problem(get('/api/bookings/nobody'))).toBe(404);
    expect(await problem(get('/api/nothing'))).toBe(404);
    expect(await problem(get('/nothing'))).toBe(404);
    expect(await problem(post('/api/what-if', { service: 7 }))).toBe(422);
    expect(await problem(post('/api/dead/discard', 'x'.repeat(200_000)))).toBe(413);
    const what = await post('/api/what-if', declare(seat));
    expect([what.status, await what.json()]).toMatchObject([200, { service: 'seat' }]);
  });
});
