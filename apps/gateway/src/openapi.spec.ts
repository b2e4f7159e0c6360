import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { openApi } from './openapi.ts';
import { adas, type Answer, bearing, hamlet, type Rehearsal, rehearse } from './rehearsal.ts';

const description = JSON.parse(openApi('https://tickets.example'));
const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema(description, 'api');
const faults = (schema: string, body: unknown) => {
  ajv.validate({ $ref: `api#/components/schemas/${schema}` }, body);
  return ajv.errors;
};

let stage: Rehearsal;
let booked: Answer;
beforeAll(async () => {
  stage = await rehearse();
  await stage.gateway.openShow(hamlet, { by: 'spec' });
  booked = await stage.book('8e03978e-40d5-43dd');
});
afterAll(() => stage.end());

describe('the description of the API', () => {
  it('is served as it is made', async () => {
    const { body } = await stage.ask('/api/openapi.json');
    expect(body).toEqual(JSON.parse(openApi()));
    expect(description).toMatchObject({
      openapi: '3.1.0',
      servers: [{ url: 'https://tickets.example' }],
    });
  });

  it('refers to nothing that it lacks', () => {
    const refs = [...JSON.stringify(description).matchAll(/"\$ref":"#\/([^"]+)"/g)];
    expect(refs.length).toBeGreaterThan(10);
    for (const [, path = ''] of refs) {
      const found = path.split('/').reduce((node, step) => node?.[step], description);
      expect(found).toBeDefined();
    }
  });

  it('names every route there is', () => {
    const routes = Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes.sort()).toEqual([
      'GET /api/bookings/{bookingId}',
      'GET /api/bookings/{bookingId}/live',
      'GET /api/sales',
      'GET /api/sales/live',
      'GET /api/shows',
      'GET /api/shows/{showId}',
      'GET /api/shows/{showId}/live',
      'GET /api/shows/{showId}/map',
      'GET /api/shows/{showId}/map/live',
      'POST /api/bookings',
      'POST /api/bookings/{bookingId}/card',
      'POST /api/bookings/{bookingId}/copy',
      'POST /api/bookings/{bookingId}/withdrawal',
      'POST /api/shows',
    ]);
  });

  it('names the headers of answers where they are sent', async () => {
    const limited = await rehearse({ config: { rateLimitPerMinute: 100 } });
    await limited.gateway.openShow(hamlet, { by: 'spec' });
    const { body, ...accepted } = await limited.book('8e03978e-40d5-43dd');
    const path = `/api/bookings/${body.bookingId}`;
    const seen = await limited.ask(path, { headers: bearing(body.token) });
    const shows = await limited.ask('/api/shows');
    await limited.end();
    const named = ['etag', 'location', 'ratelimit', 'ratelimit-policy', 'retry-after'];
    for (const [what, { status, headers }] of [
      [description.paths['/api/bookings'].post, accepted],
      [description.paths['/api/bookings/{bookingId}'].get, seen],
      [description.paths['/api/shows'].get, shows],
    ] as const) {
      const told = Object.keys(what.responses[status].headers).map((name) => name.toLowerCase());
      expect(told.filter((name) => named.includes(name)).sort()).toEqual(
        named.filter((name) => headers.has(name)),
      );
    }
  });

  it('tells what a key is like, what a state is of and what a moment bounds', () => {
    const keyOf = (path: string) =>
      description.paths[path].post.parameters.find(
        ({ name }: { name: string }) => name === 'Idempotency-Key',
      );
    expect(keyOf('/api/bookings').example).toMatch(/^[\x21-\x7e]{16,64}$/);
    expect(keyOf('/api/bookings/{bookingId}/card').description).toContain('for each card');
    expect(description.paths['/api/bookings'].post.description).toContain('`state: declined`');
    const { headers } = description.paths['/api/shows'].get.responses['200'];
    expect(headers['Ensemble-As-Of'].description).toMatch(/^A lower bound/);
    const { state } = description.components.schemas.Receipt.properties;
    expect(state.description).toMatch(/^How it was at acceptance/);
  });

  it('holds for what is asked and answered', async () => {
    const { bookingId, token } = booked.body;
    await stage.says('seat.reserved', { bookingId });
    await stage.says('payment.received', { bookingId });
    await stage.says('ticket.generated', { bookingId });
    const waited = await stage.book('8e03978e-40d5-43dd', adas, { Prefer: 'wait=5' });
    const headers = bearing(token);
    const body = async (path: string) => (await stage.ask(path, { headers })).body;
    expect(faults('BookingRequest', adas)).toBeNull();
    expect(faults('BookingRequest', { ...adas, price: 1 })).not.toBeNull();
    expect(faults('ShowRequest', hamlet)).toBeNull();
    expect(faults('Receipt', booked.body)).toBeNull();
    expect(waited.status).toBe(200);
    expect(faults('Outcome', waited.body)).toBeNull();
    expect(faults('Booking', await body(`/api/bookings/${bookingId}`))).toBeNull();
    expect(faults('Shows', await body('/api/shows'))).toBeNull();
    expect(faults('Show', await body('/api/shows/hamlet'))).toBeNull();
    expect(faults('ShowMap', await body('/api/shows/hamlet/map'))).toBeNull();
    expect(faults('Problem', await body('/api/nothing'))).toBeNull();
    expect(faults('Problem', (await stage.book('short')).body)).toBeNull();
  });
});

describe('the page to try it', () => {
  it('comes whole from here, and runs no script within it', async () => {
    const { status, headers, text } = await stage.ask('/docs');
    expect(status).toBe(200);
    expect(headers.get('content-security-policy')).toContain("script-src 'self';");
    expect(text).not.toMatch(/<script(?![^>]* src=)|\son\w+=/);
    const files = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');
    expect(files).toHaveLength(4);
    for (const file of files) {
      expect(file).toMatch(/^\/docs\//);
      const answer = await stage.ask(file);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toMatch(/javascript|css|png/);
    }
    expect((await stage.ask('/docs/begin.js')).text).toContain("url: '/api/openapi.json'");
  });
});
