import { beforeEach, describe, expect, it } from '@jest/globals';
import { memoryStore, type Store } from '@ensemble/store';
import { establishIdentity, identityOf, WrongSecret } from './identity.ts';

const secret = 'a secret of the box office';
const key = '8e03978e-40d5-43dd';
let store: Store;

beforeEach(() => {
  store = memoryStore();
});

describe('an identity', () => {
  const identity = identityOf(secret);

  it('makes the id of a booking from its key, for good', () => {
    expect(identity.bookingId(key)).toBe('b969b622e645c9cdc72d68c949ff33d5');
    expect(identity.bookingId(`${key}x`)).not.toBe(identity.bookingId(key));
  });

  it('knows the token of a booking without having kept it', () => {
    const bookingId = identity.bookingId(key);
    const token = identity.token(bookingId);
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(identityOf(secret).isToken(bookingId, token)).toBe(true);
  });

  it.each([
    ['of another booking', identity.token(identity.bookingId(`${key}x`))],
    ['made with another secret', identityOf('another').token(identity.bookingId(key))],
    ['cut short', identity.token(identity.bookingId(key)).slice(0, -1)],
    ['that is empty', ''],
    ['of as many characters, but more bytes', 'ż'.repeat(43)],
  ])('refuses a token %s', (_which, token) => {
    expect(identity.isToken(identity.bookingId(key), token)).toBe(false);
  });

  it('tells bodies apart without showing them', () => {
    const fingerprint = identity.fingerprint({ name: 'Ada' });
    expect(fingerprint).toBe(identity.fingerprint({ name: 'Ada' }));
    expect(fingerprint).not.toBe(identity.fingerprint({ name: 'Bob' }));
    expect(fingerprint).not.toBe(identityOf('another').fingerprint({ name: 'Ada' }));
  });
});

describe('the identity of an installation', () => {
  it('is made once, by whoever comes first', async () => {
    const identities = await Promise.all([
      establishIdentity(store),
      establishIdentity(store),
      establishIdentity(store),
    ]);
    expect(new Set(identities.map((each) => each.bookingId(key))).size).toBe(1);
  });

  it('is that of the secret that is given', async () => {
    const identity = await establishIdentity(store, secret);
    expect(identity.bookingId(key)).toBe(identityOf(secret).bookingId(key));
    expect((await establishIdentity(store, secret)).bookingId(key)).toBe(identity.bookingId(key));
    expect(JSON.stringify(await store.known(''))).not.toContain(secret);
  });

  it.each([
    ['given after another', secret, 'another'],
    ['given after one was made', undefined, secret],
    ['missing after one was given', secret, undefined],
  ])('is not that of a secret %s', async (_which, first, second) => {
    await establishIdentity(store, first);
    const failed = establishIdentity(store, second);
    await expect(failed).rejects.toThrow(WrongSecret);
    await expect(failed).rejects.toThrow(/expected the booking secret with fingerprint .* found/);
  });
});
