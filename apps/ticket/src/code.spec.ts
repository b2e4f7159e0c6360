import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { signCode, ticketIdOf, verifyCode } from './code.ts';
import { makeSigningKey, publicPemOf, type SigningKey } from './keys.ts';
import { verifyTicket } from './verify.ts';

const bookingId = '5f0c9a3be2d14c7fa1b7c0d2e3f40516';
const claims = {
  t: ticketIdOf(bookingId),
  b: bookingId,
  p: 'hamlet',
  c: 'stalls',
  s: 'A-12',
  n: '2027-03-01T19:30:00.000Z',
};
const flip = (text: string, at: number): string =>
  text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);

let key: SigningKey;
beforeAll(async () => {
  key = await makeSigningKey(join(mkdtempSync(join(tmpdir(), 'ticket-')), 'key.pem'));
});

describe('a ticket code', () => {
  it('says what was signed, and by which key', async () => {
    expect(verifyCode(await signCode(claims, key), [key.publicKey])).toEqual({
      ok: true,
      payload: { v: 1, kid: key.kid, ...claims },
    });
  });

  it('has the same bytes each time, whatever the order of the claims', async () => {
    const turned = Object.fromEntries(Object.entries(claims).toReversed()) as typeof claims;
    expect(await signCode(turned, key)).toBe(await signCode(claims, key));
  });

  it('fits into a QR code that a phone can read, all 8 seats of a booking too', async () => {
    const seats = Array.from({ length: 8 }, (_, index) => `AAAA-${index + 101}`);
    const long = { ...claims, p: 'p'.repeat(40), c: 'c'.repeat(40), s: seats };
    expect((await signCode(claims, key)).length).toBeLessThan(320);
    expect((await signCode(long, key)).length).toBeLessThan(600);
  });

  it('is nothing once a single character of it is another', async () => {
    const code = await signCode(claims, key);
    const accepted = Array.from(code).filter(
      (_, at) => verifyCode(flip(code, at), [key.publicKey]).ok,
    );
    expect(accepted).toEqual([]);
  });

  it('has one spelling only', async () => {
    const code = await signCode(claims, key);
    expect(verifyCode(`${code}=`, [key.publicKey]).ok).toBe(false);
    expect(verifyCode(`${code}\n`, [key.publicKey]).ok).toBe(false);
  });

  it.each([
    ['', 'expected a payload, one dot and a signature'],
    ['a.b.c', 'expected a payload, one dot and a signature'],
    ['.', 'expected a payload, one dot and a signature'],
    ['żółć.🎟️', 'the payload is not that of a ticket of version 1'],
    [`${Buffer.from('{"__proto__":1}').toString('base64url')}.AA`, 'the payload is not that'],
    [`${Buffer.from('{"v":2}').toString('base64url')}.AA`, 'the payload is not that'],
    ['x'.repeat(1_000_000), 'expected at most 2000 characters, found 1000000'],
  ])('says why %.20j is none', (garbage, reason) => {
    expect(verifyCode(garbage, [key.publicKey])).toEqual({
      ok: false,
      reason: expect.stringContaining(reason),
    });
  });

  it('says so when it names a key that is not known', async () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    expect(verifyCode(await signCode(claims, key), [publicKey])).toEqual({
      ok: false,
      reason: `it names a signing key that is not known: ${key.kid}`,
    });
  });

  it('names a ticket id that is the same for the booking each time and no other', () => {
    expect(ticketIdOf(bookingId)).toMatch(/^[0-9a-f]{32}$/);
    expect(ticketIdOf(bookingId)).toBe(ticketIdOf(bookingId));
    expect(ticketIdOf(bookingId)).not.toBe(ticketIdOf(bookingId.replace('5', '6')));
  });
});

describe('checking a ticket offline', () => {
  it('says signed, for what show and seat, and nothing of being valid', async () => {
    const { lines, exitCode } = verifyTicket(` ${await signCode(claims, key)}\n`, publicPemOf(key));
    expect(exitCode).toBe(0);
    expect(lines).toEqual([
      'signed (a later revocation cannot be seen offline)',
      'show     hamlet, Monday, 1 March 2027 at 19:30 UTC',
      'section  stalls',
      'seat     A-12',
      `ticket   ${claims.t}`,
      `booking  ${bookingId}`,
    ]);
  });

  it('names all seats of the code of a whole booking', async () => {
    const code = await signCode({ ...claims, s: ['A-12', 'A-13'] }, key);
    expect(verifyTicket(code, publicPemOf(key)).lines).toContain('seats    A-12, A-13');
  });

  it('ends in 1 when the code is forged', async () => {
    const forged = flip(await signCode(claims, key), 200);
    expect(verifyTicket(forged, publicPemOf(key)).exitCode).toBe(1);
  });

  it('ends in 2 when the key is none', async () => {
    expect(verifyTicket(await signCode(claims, key), 'garbage').exitCode).toBe(2);
  });
});
