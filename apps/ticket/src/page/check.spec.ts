import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { signCode } from '../code.ts';
import { makeSigningKey, type SigningKey } from '../keys.ts';
import { check, type Keys } from './check.ts';

const claims = {
  t: '0d2f7c1a4b5e6f708192a3b4c5d6e7f8',
  b: '5f0c9a3be2d14c7fa1b7c0d2e3f40516',
  p: 'hamlet',
  c: 'stalls',
  n: '2027-03-01T19:30:00.000Z',
};
const said = {
  bookingId: claims.b,
  showId: 'hamlet',
  section: 'stalls',
  startsAt: claims.n,
};

let key: SigningKey;
let keys: Keys;
beforeAll(async () => {
  key = await makeSigningKey(join(mkdtempSync(join(tmpdir(), 'check-')), 'key.pem'));
  keys = { keys: [{ ...key.publicKey.export({ format: 'jwk' }), kid: key.kid, alg: 'EdDSA' }] };
});

describe('a code, checked in the browser,', () => {
  it('says where somebody wants to go in', async () => {
    const ofSeat = await signCode({ ...claims, s: 'A-12' }, key);
    expect(await check(ofSeat, keys)).toEqual({ ...said, seats: ['A-12'] });
    const ofAll = await signCode({ ...claims, s: ['A-12', 'A-13'] }, key);
    expect(await check(ofAll, keys)).toEqual({ ...said, seats: ['A-12', 'A-13'] });
  });

  it('is none of ours when another key signed it', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const forged = await signCode({ ...claims, s: 'A-12' }, { ...key, privateKey });
    expect(await check(forged, keys)).toBeUndefined();
    const strange = await signCode({ ...claims, s: 'A-12' }, { ...key, kid: 'of-nobody' });
    expect(await check(strange, keys)).toBeUndefined();
  });

  it('is none of ours when anything in it was changed', async () => {
    const code = await signCode({ ...claims, s: 'A-12' }, key);
    const [text = '', signature = ''] = code.split('.');
    const [bytes, other] = [Buffer.from(text, 'base64url').toString(), 'A-13'];
    const moved = Buffer.from(bytes.replace('A-12', other)).toString('base64url');
    // Another spelling of the same bytes would be another code of the same ticket.
    const last = signature.at(-1) === 'w' ? 'x' : String.fromCharCode(signature.charCodeAt(85) + 1);
    for (const wrong of [
      `${moved}.${signature}`,
      `${text}.${signature.slice(0, -1)}${last}`,
      `${text}.${signature}=`,
      `${text}.${signature}.`,
      `${text}.`,
      `.${signature}`,
      text,
      '',
      'x'.repeat(3_000),
      `${Buffer.from('{}').toString('base64url')}.${signature}`,
    ]) {
      expect([wrong, await check(wrong, keys)]).toEqual([wrong, undefined]);
    }
  });
});
