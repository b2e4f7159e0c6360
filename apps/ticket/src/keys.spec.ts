import { generateKeyPairSync } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { KeyAway, loadSigningKey, makeSigningKey, publicPemOf } from './keys.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ticket-'));
  file = join(folder, 'keys', 'key.pem');
  mkdirSync(join(folder, 'keys'));
});

describe('the signing key', () => {
  it('is made once, for its owner alone to read, its public half beside it', async () => {
    const made = await makeSigningKey(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(`${file}.pub`, 'utf8')).toBe(publicPemOf(made));
    expect((await makeSigningKey(file)).kid).toBe(made.kid);
    expect(readdirSync(join(folder, 'keys'))).toEqual(['key.pem', 'key.pem.pub']);
  });

  it('may be given where nothing can be written beside it', async () => {
    const { kid } = await makeSigningKey(file);
    renameSync(`${file}.pub`, `${file}.old`);
    mkdirSync(`${file}.pub`);
    expect((await makeSigningKey(file)).kid).toBe(kid);
  });

  it('is the same for all who make it at one time', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => makeSigningKey(file)));
    expect(new Set(made.map(({ kid }) => kid)).size).toBe(1);
  });

  it('is an error while it is away and works when it is back', async () => {
    const { kid } = await makeSigningKey(file);
    renameSync(file, `${file}.away`);
    const message =
      'the signing key is away: expected an Ed25519 private key (PEM, PKCS #8), ' +
      'found no such file; put it back where TICKET_KEY_FILE says';
    expect(() => loadSigningKey(file)).toThrow(expect.objectContaining({ message, file }));
    renameSync(`${file}.away`, file);
    expect(loadSigningKey(file).kid).toBe(kid);
  });

  it('is read again when another is put in its place', async () => {
    await makeSigningKey(file);
    const other = await makeSigningKey(join(folder, 'other.pem'));
    copyFileSync(join(folder, 'other.pem'), file);
    expect(loadSigningKey(file).kid).toBe(other.kid);
  });

  it('is not made anew over something that is no key', async () => {
    const rubbish = join(folder, 'rubbish.pem');
    writeFileSync(rubbish, 'rubbish');
    await expect(makeSigningKey(rubbish)).rejects.toThrow(KeyAway);
    expect(readFileSync(rubbish, 'utf8')).toBe('rubbish');
  });

  it('is an Ed25519 key and no other', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const elliptic = join(folder, 'elliptic.pem');
    writeFileSync(elliptic, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    expect(() => loadSigningKey(elliptic)).toThrow('found a key of type ec');
  });
});
