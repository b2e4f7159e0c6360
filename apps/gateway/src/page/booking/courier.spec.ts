import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { courier, type Keep } from './courier.ts';
import type { Act } from './submission.ts';

const storage = (): Keep & { readonly held: Map<string, string> } => {
  const held = new Map<string, string>();
  return {
    held,
    getItem: (key) => held.get(key) ?? null,
    setItem: (key, value) => void held.set(key, value),
    removeItem: (key) => void held.delete(key),
  };
};

/** A page of a customer, and a server that answers as it is told to, each request in turn. */
const page = (keep: Keep, answers: readonly (string | number)[], sent: Act<string>[] = []) => {
  const timers: (() => void)[] = [];
  const rest = [...answers];
  const made = courier<string, string>({
    name: 'booking',
    keep,
    newKey: () => `key-${sent.length}`,
    send: async (act) => {
      sent.push(act);
      const answer = rest.shift();
      if (answer === undefined) return new Promise<string>(() => undefined);
      if (typeof answer === 'number') throw new Error(String(answer));
      return answer;
    },
    refusalOf: (error) => ({
      status: error instanceof Error ? Number(error.message) : Number.NaN,
      code: 'no',
      retryAfterS: undefined,
      pointers: [],
    }),
    later: (_ms, work) => {
      timers.push(work);
      return () => void timers.splice(timers.indexOf(work), 1);
    },
  });
  return { ...made, sent, timers };
};

describe('a courier', () => {
  it('sends what is pressed twice once', async () => {
    const ada = page(storage(), ['yes']);
    ada.press('A-1');
    ada.press('A-1');
    await setImmediate();
    expect(ada.sent).toEqual([{ key: 'key-0', body: 'A-1' }]);
    expect(ada.state()).toMatchObject({ at: 'answered', answer: 'yes' });
  });

  it('keeps an act until it is answered, and sends the same again after a reload', async () => {
    const keep = storage();
    const ada = page(keep, []);
    ada.press('A-1');
    expect([...keep.held.values()]).toEqual([JSON.stringify({ key: 'key-0', body: 'A-1' })]);

    const reloaded = page(keep, ['yes'], ada.sent);
    await setImmediate();
    expect(reloaded.sent).toEqual([ada.sent[0], ada.sent[0]]);
    expect(reloaded.state()).toMatchObject({ at: 'answered' });
    expect(keep.held.size).toBe(0);
    expect(page(keep, []).state()).toEqual({ at: 'rest' });
  });

  it('sends the same again when its time has come, or when the connection is back', async () => {
    const ada = page(storage(), [0, 503, 'yes']);
    ada.press('A-1');
    await setImmediate();
    expect(ada.state()).toMatchObject({ at: 'waiting', why: 'nobody' });
    ada.timers.shift()?.();
    await setImmediate();
    expect(ada.state()).toMatchObject({ at: 'waiting', why: 'busy' });
    ada.wake();
    await setImmediate();
    expect(ada.state()).toMatchObject({ at: 'answered' });
    expect(new Set(ada.sent.map(({ key }) => key))).toEqual(new Set(['key-0']));
    expect([ada.sent.length, ada.timers.length]).toEqual([3, 0]);
  });

  it('forgets what was refused, and takes another act with another key', async () => {
    const keep = storage();
    const ada = page(keep, [422, 'yes']);
    ada.press('A-1');
    await setImmediate();
    expect(ada.state()).toMatchObject({ at: 'refused', refusal: { status: 422 } });
    expect(keep.held.size).toBe(0);
    ada.press('A-2');
    await setImmediate();
    expect(ada.sent.map(({ key }) => key)).toEqual(['key-0', 'key-1']);
  });

  it('tells of each change', async () => {
    const ada = page(storage(), ['yes']);
    const seen: string[] = [];
    const leave = ada.subscribe(() => seen.push(ada.state().at));
    ada.press('A-1');
    await setImmediate();
    ada.read();
    leave();
    ada.press('A-2');
    expect(seen).toEqual(['sending', 'answered', 'rest']);
  });

  it('makes nothing of what somebody else kept under its name', () => {
    const keep = storage();
    keep.setItem('ensemble.act.booking', '{');
    expect(page(keep, []).state()).toEqual({ at: 'rest' });
  });
});
