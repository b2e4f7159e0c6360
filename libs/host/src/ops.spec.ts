import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { registry } from '@ensemble/telemetry';
import { countHappenings, watchProcess } from './metrics.ts';
import { opsServer, type Readiness } from './ops.ts';
import { serve, type Served } from './serve.ts';

const token = 'a token of the operator';
let waitsFor: readonly string[];
let asked: unknown[];
let failures: unknown[];
let server: Served;

beforeEach(async () => {
  waitsFor = [];
  asked = [];
  failures = [];
  const app = opsServer({
    status: () => new Map<string, Readiness>([['seat', { waitsFor }]]),
    metrics: () => Promise.resolve('flow_ready 1\n'),
    services: ['seat', 'gateway'],
    redrive: (service, id) => {
      asked.push([service, id]);
      return Promise.resolve({ service, count: 0, letters: [], skipped: 0 });
    },
    replay: (service) =>
      service === 'seat'
        ? Promise.reject(new Error('no'))
        : Promise.resolve({ built: true, done: 'version 2' }),
    tokens: () => [token],
    failed: (error) => failures.push(error),
  });
  server = await serve(app, { host: '127.0.0.1', port: 0, variable: 'OPS_PORT' });
});
afterEach(() => server.stop());

const post = (path: string, body: string, shown = token): Promise<Response> =>
  fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${shown}`, 'content-type': 'application/json' },
    body,
  });

describe('the operations server', () => {
  it('is alive', async () => {
    const response = await fetch(`${server.url}/healthz`);
    expect([response.status, await response.json()]).toEqual([200, { status: 'alive' }]);
  });

  it('is ready when every service is', async () => {
    const response = await fetch(`${server.url}/readyz`);
    expect(response.status).toBe(200);
  });

  it('says which service waits for what', async () => {
    waitsFor = ['log: the disk is full'];
    const response = await fetch(`${server.url}/readyz`);
    expect([response.status, await response.json()]).toEqual([
      503,
      { ready: false, services: { seat: { waitsFor: ['log: the disk is full'] } } },
    ]);
  });

  it('shows metrics', async () => {
    const response = await fetch(`${server.url}/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(await response.text()).toBe('flow_ready 1\n');
  });

  it('redrives and replays for who shows a token', async () => {
    expect((await post('/redrive', '{"service": "seat"}')).status).toBe(200);
    expect((await post('/redrive', '{"service": "seat", "id": "event-1"}')).status).toBe(200);
    expect(asked).toEqual([
      ['seat', undefined],
      ['seat', 'event-1'],
    ]);
    const replayed = await post('/replay', '{"service": "gateway"}');
    expect(await replayed.json()).toEqual({
      service: 'gateway',
      built: true,
      done: 'version 2',
    });
  });

  it('does nothing for others', async () => {
    for (const shown of ['', 'another', `${token}x`]) {
      const response = await post('/redrive', '{"service": "seat"}', shown);
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ code: 'ops.not-allowed', status: 401 });
    }
    expect(asked).toEqual([]);
  });

  it.each([
    ['{"service": "seats"}', 422, 'expected one of seat, gateway'],
    ['{"service": "seat", "ids": 1}', 422, 'ids'],
    ['{', 400, 'Expected JSON'],
    [`"${'x'.repeat(20_000)}"`, 413, 'Expected JSON'],
  ])('answers %.20s with %i', async (body, status, detail) => {
    const response = await post('/redrive', body);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining(detail) });
  });

  it('tells the log what failed, and nobody else', async () => {
    const response = await post('/replay', '{"service": "seat"}');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('"no"');
    expect(failures).toHaveLength(1);
  });

  it('says clearly that its port is taken', async () => {
    const port = Number(new URL(server.url).port);
    const again = serve(() => undefined, { host: '127.0.0.1', port, variable: 'OPS_PORT' });
    await expect(again).rejects.toThrow(`OPS_PORT: port ${port} of 127.0.0.1 is taken`);
  });
});

describe('the metrics', () => {
  it('count what happened by service and by what it was about, never by id', async () => {
    const meters = registry();
    const observe = countHappenings(meters);
    const parked = { streams: 1, inputs: 3, oldest: 4_000 };
    const lag = () => Promise.resolve(new Map([['booking', 7]]));
    const parts = new Map([['seat', { waitsFor: ['store: gone'], parked, lag }]]);
    const stop = watchProcess(meters, () => parts, { now: () => 10_000 });
    observe('decided', { service: 'seat', what: 'booking.requested' });
    observe('decided', { service: 'seat', what: 'booking.requested' });
    observe('parked', { service: 'seat', what: '5f0c9a3be2d14c7f' });
    observe('ignored', { service: 'seat', what: 'a.stranger' });
    const text = await meters.render();
    stop();
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        'flow_consumer_lag{service="seat",topic="booking"} 7',
        'flow_happenings_total{service="seat",happening="decided",what="booking.requested"} 2',
        'flow_happenings_total{service="seat",happening="parked"} 1',
        'flow_happenings_total{service="seat",happening="ignored",what="unknown"} 1',
        'flow_ready{service="seat"} 0',
        'flow_log_away{service="seat"} 0',
        'flow_store_away{service="seat"} 1',
        'flow_parked_streams{service="seat"} 1',
        'flow_parked_oldest_age_seconds{service="seat"} 6',
      ]),
    );
    expect(text).not.toContain('5f0c9a3be2d14c7f');
  });
});
