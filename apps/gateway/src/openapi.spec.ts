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
      'GET /api/shows',
      'GET /api/shows/{showId}',
      'GET /api/shows/{showId}/live',
      'POST /api/bookings',
      'POST /api/bookings/{bookingId}/card',
      'POST /api/bookings/{bookingId}/withdrawal',
      'POST /api/shows',
    ]);
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

  it('is where the root leads', async () => {
    const { status, headers } = await stage.ask('/');
    expect([status, headers.get('location')]).toEqual([302, '/docs']);
  });
});
