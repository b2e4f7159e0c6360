import { createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, renameSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import type { TicketView } from './documents.ts';
import { ticketRoutes } from './http.ts';
import { loadSigningKey, makeSigningKey } from './keys.ts';
import { linksOf } from './links.ts';

const keyFile = join(mkdtempSync(join(tmpdir(), 'ticket-')), 'key.pem');
const ofAda: TicketView = {
  bookingId: '5f0c9a3be2d14c7fa1b7c0d2e3f40516',
  ticketId: '0d2f7c1a4b5e6f708192a3b4c5d6e7f8',
  customerName: 'Ada Żółć',
  show: { title: 'Hamlet', venue: 'Globe', startsAt: '2027-03-01T19:30:00.000Z' },
  section: 'stalls',
  seats: [{ seat: 'A-12', code: 'eyJ2IjoxfQ.c2lnbmF0dXJl' }],
};

let server: Server;
let origin: string;
let tickets: Map<string, TicketView | 'revoked'>;
let rendered: string[];
let failures: unknown[];
let render: (ticket: TicketView) => Promise<Buffer>;

beforeAll(async () => {
  await makeSigningKey(keyFile);
});

beforeEach(async () => {
  tickets = new Map([[ofAda.bookingId, ofAda]]);
  rendered = [];
  failures = [];
  render = async ({ ticketId }) => {
    rendered.push(ticketId);
    return Buffer.from(`%PDF of ${ticketId}`);
  };
  const routes = ticketRoutes({
    ticketOf: async (bookingId) => tickets.get(bookingId),
    keyFile,
    render: (ticket) => render(ticket),
    onFailure: (error) => failures.push(error),
  });
  server?.close();
  server = createServer(express().use(routes)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  origin = typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : '';
});

afterAll(() => {
  server.close();
});

const linksTo = (bookingId: string) => linksOf(origin, bookingId, loadSigningKey(keyFile));
const problem = async (response: Response) => ({
  type: response.headers.get('content-type'),
  status: response.status,
  code: ((await response.json()) as { code: string }).code,
});
const type = 'application/problem+json; charset=utf-8';

describe('the documents of a ticket', () => {
  it('are had by whoever has the link, and kept by nobody on the way', async () => {
    const response = await fetch(linksTo(ofAda.bookingId).pdf);
    expect(await response.text()).toBe(`%PDF of ${ofAda.ticketId}`);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': 'inline; filename="ticket-0d2f7c1a.pdf"',
      'cache-control': 'private, no-cache',
      'referrer-policy': 'no-referrer',
    });
  });

  it('are a calendar entry too', async () => {
    const response = await fetch(linksTo(ofAda.bookingId).calendar);
    expect(response.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe(
      'inline; filename="show-0d2f7c1a.ics"',
    );
    expect(await response.text()).toContain(`UID:${ofAda.ticketId}\r\n`);
  });

  it('are rendered when first fetched, and once', async () => {
    const { pdf } = linksTo(ofAda.bookingId);
    await Promise.all([fetch(pdf), fetch(pdf), fetch(pdf)]);
    await fetch(pdf);
    expect(rendered).toEqual([ofAda.ticketId]);
  });

  it('are forgotten when many others were asked for since', async () => {
    const many = Array.from({ length: 201 }, (_, index) => index.toString(16).padStart(32, '0'));
    for (const id of many) tickets.set(id, { ...ofAda, bookingId: id, ticketId: id });
    for (const id of many) await fetch(linksTo(id).pdf);
    await fetch(linksTo(many[200]!).pdf);
    expect(rendered).toEqual(many);
    await fetch(linksTo(many[0]!).pdf);
    expect(rendered).toEqual([...many, many[0]]);
  });

  it.each([
    ['of another booking', /\w{32}/, 'f'.repeat(32)],
    ['of no booking', /\w{32}/, '__proto__'],
    ['with a wrong signature', /.{3}\/ticket\.pdf/, 'xxx/ticket.pdf'],
    ['with half a signature', /.{11}\/ticket\.pdf/, '/ticket.pdf'],
    ['with rubbish in it', /.{3}\/ticket\.pdf/, '%ff/ticket.pdf'],
  ])('are not found by a link %s', async (_which, part, other) => {
    const response = await fetch(linksTo(ofAda.bookingId).pdf.replace(part, other));
    expect(await problem(response)).toEqual({
      type,
      status: 404,
      code: 'ticket.unknown',
    });
  });

  it('are gone once the ticket was revoked, also when they were fetched before', async () => {
    await fetch(linksTo(ofAda.bookingId).pdf);
    tickets.set(ofAda.bookingId, 'revoked');
    const response = await fetch(linksTo(ofAda.bookingId).pdf);
    expect(await problem(response)).toEqual({ type, status: 410, code: 'ticket.revoked' });
  });

  it('that cannot be rendered are there later', async () => {
    const able = render;
    render = () => Promise.reject(new Error('no fonts'));
    const response = await fetch(linksTo(ofAda.bookingId).pdf);
    expect(response.headers.get('retry-after')).toBe('30');
    expect(await problem(response)).toEqual({ type, status: 503, code: 'ticket.not-now' });
    expect(failures).toEqual([new Error('no fonts')]);
    render = able;
    expect((await fetch(linksTo(ofAda.bookingId).pdf)).status).toBe(200);
  });

  it('wait for a key that is away', async () => {
    const { pdf } = linksTo(ofAda.bookingId);
    renameSync(keyFile, `${keyFile}.away`);
    const responses = [await fetch(pdf), await fetch(`${origin}/keys`)];
    renameSync(`${keyFile}.away`, keyFile);
    expect(responses.map(({ status }) => status)).toEqual([503, 503]);
    expect((await fetch(pdf)).status).toBe(200);
  });
});

describe('the public keys', () => {
  it('are given as JWKs, or in PEM to who asks for it', async () => {
    const { kid, publicKey } = loadSigningKey(keyFile);
    expect(await (await fetch(`${origin}/keys`)).json()).toEqual({
      keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'EdDSA', use: 'sig' }],
    });
    const headers = { accept: 'application/x-pem-file' };
    const pem = await (await fetch(`${origin}/keys`, { headers })).text();
    expect(createPublicKey(pem).equals(publicKey)).toBe(true);
  });

  it('hold nothing that is private', async () => {
    expect(await (await fetch(`${origin}/keys`)).text()).not.toContain('"d"');
  });
});
