import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Refused } from '@ensemble/ui/ask';
import { type DoorStage, doorStage, stewards } from '../door-kit.ts';
import { loadSigningKey } from '../keys.ts';
import { type Door, present, report } from './doorkeeper.ts';
import { type Kept, nothingKept } from './keeping.ts';

let stage: DoorStage;
/** Whether somebody answers, and whether what is asked arrives all the same. */
let way: 'there' | 'away' | 'answers get lost';
let kept: Kept;
let seats = 0;

beforeAll(async () => {
  stage = await doorStage();
});
afterAll(() => stage.end());
beforeEach(() => {
  way = 'there';
  kept = nothingKept;
});

const away = (): never => {
  throw new Refused(0, 'Nobody answers.', { code: 'away' });
};

/** The door of somebody with this token, which asks a real server. */
const doorOf = (name: string): Door => ({
  admit: async (key, body) => {
    if (way === 'away') return away();
    const token = stewards.get(name) ?? '';
    const { status, body: problem } = await stage.asks(body, { key, token });
    if (way === 'answers get lost') return away();
    if (status === 200) return problem;
    throw new Refused(status, problem.title, { code: problem.code, problem });
  },
  keys: () => {
    const { publicKey, kid } = loadSigningKey(stage.keyFile);
    return { keys: [{ ...publicKey.export({ format: 'jwk' }), kid }] };
  },
  kept: () => kept,
  keep: (next) => {
    kept = next;
  },
});
const north = doorOf('north-door');
const south = stewards.get('south-door') ?? '';

/** The codes of a booking of so many seats, and that for all of them. */
const sold = async (count = 1) => {
  const names = Array.from({ length: count }, () => `A-${(seats += 1)}`);
  const { bookingId, code, seats: codes } = await stage.sells(names);
  return { bookingId, names, code, codes: codes.map((each) => each.code) };
};

describe('a door with a connection', () => {
  it('lets in whom the server lets in, and remembers them', async () => {
    const { codes, names, bookingId } = await sold();
    expect(await present(north, codes[0] ?? '')).toMatchObject({
      kind: 'in',
      admission: { seats: names },
    });
    expect(kept.entries).toEqual([expect.objectContaining({ bookingId, by: 'north-door' })]);
    expect(await present(north, codes[0] ?? '')).toMatchObject({
      kind: 'again',
      admitted: [{ seat: names[0], by: 'north-door' }],
      about: { section: 'stalls', show: { title: 'Hamlet' } },
    });
  });

  it('does not let in what is no ticket', async () => {
    expect(await present(north, 'rubbish')).toEqual({ kind: 'no-ticket' });
    expect(await present(doorOf('nobody'), 'rubbish')).toEqual({ kind: 'no-steward' });
  });
});

describe('a door without a connection', () => {
  it('lets in by the signature, once at this door, and tells of it later', async () => {
    const { codes, bookingId } = await sold();
    way = 'away';
    expect(await present(north, codes[0] ?? '')).toMatchObject({ kind: 'unchecked', before: [] });
    expect(await present(north, codes[0] ?? '')).toMatchObject({ kind: 'again' });
    expect(kept.pending).toHaveLength(1);
    expect(await report(north)).toBe(false);
    const [{ at } = { at: '' }] = kept.pending;
    way = 'there';
    expect(await report(north)).toBe(true);
    expect([kept.pending, kept.troubles]).toEqual([[], []]);
    const [said] = await stage.hears('ticket.admitted', bookingId, 1);
    expect(said?.data).toMatchObject({ at, offline: true, by: 'north-door' });
  });

  it('lets nobody in by a forged code', async () => {
    const { codes } = await sold();
    way = 'away';
    const [text = '', signature = ''] = codes[0]?.split('.') ?? [];
    const forged = `${text}.${signature[0] === 'A' ? 'B' : 'A'}${signature.slice(1)}`;
    expect(await present(north, forged)).toEqual({ kind: 'no-ticket' });
    expect(kept).toEqual(nothingKept);
  });

  it('knows whom it let in before, and whom it saw refused', async () => {
    const { code, codes, names } = await sold(3);
    await present(north, codes[0] ?? '');
    way = 'away';
    expect(await present(north, code)).toMatchObject({
      kind: 'unchecked',
      claims: { seats: names.slice(1) },
      before: [{ seat: names[0], by: 'north-door' }],
    });
  });

  it('hears later of those who had come in at another door, or had no ticket any more', async () => {
    const [twice, revoked] = [await sold(), await sold()];
    await stage.asks({ code: twice.codes[0] }, { token: south });
    await stage.says('payment.refunded', { bookingId: revoked.bookingId });
    await stage.hears('ticket.revoked', revoked.bookingId, 1);
    way = 'away';
    for (const { codes } of [twice, revoked]) await present(north, codes[0] ?? '');
    way = 'there';
    expect(await report(north)).toBe(true);
    expect(kept.pending).toEqual([]);
    expect(kept.troubles).toEqual([
      expect.objectContaining({
        why: 'already-admitted',
        admitted: [expect.objectContaining({ by: 'south-door', seat: twice.names[0] })],
      }),
      expect.objectContaining({ why: 'revoked', seats: revoked.names }),
    ]);
  });

  it('finds no fault with itself when only an answer was lost', async () => {
    const { codes, bookingId } = await sold();
    way = 'answers get lost';
    expect(await present(north, codes[0] ?? '')).toMatchObject({ kind: 'unchecked' });
    way = 'there';
    expect(await report(north)).toBe(true);
    expect(kept.troubles).toEqual([]);
    const [said] = await stage.hears('ticket.admitted', bookingId, 1);
    expect(said?.data).toMatchObject({ offline: false });
  });

  it('says that it cannot check before it has had the key', async () => {
    const { codes } = await sold();
    way = 'away';
    const unready = { ...north, keys: () => undefined };
    expect(await present(unready, codes[0] ?? '')).toEqual({ kind: 'cannot', why: '' });
  });
});
