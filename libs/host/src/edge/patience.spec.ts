import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LogUnavailable } from '@ensemble/log';
import { systemClock } from '../clock.ts';
import { type Patience, patience } from './patience.ts';

const notNow = { code: 'not-now', retryAfter: 3 };
let patient: Patience;

beforeEach(() => {
  jest.useFakeTimers();
  // The clock of this machine keeps the real Date.now.
  patient = patience({ ...systemClock, now: () => Date.now() }, 3_000);
});

afterEach(() => {
  jest.useRealTimers();
});

describe('patience', () => {
  it('has what comes in time', async () => {
    expect(await patient(async () => 'ticket')).toBe('ticket');
  });

  it('ends with what never comes', async () => {
    const waiting = patient(() => new Promise(() => undefined));
    jest.advanceTimersByTime(3_000);
    await expect(waiting).rejects.toMatchObject(notNow);
  });

  describe('while others wait in vain', () => {
    const other = Promise.withResolvers<string>();
    let began: number;
    const newcomer = (): Promise<unknown> =>
      patient(() => {
        began += 1;
        return new Promise(() => undefined);
      });

    beforeEach(async () => {
      began = 0;
      const waiting = patient(() => other.promise);
      jest.advanceTimersByTime(3_000);
      await expect(waiting).rejects.toMatchObject(notNow);
    });

    it('is had with one newcomer, and then less and less often', async () => {
      for (const waitMs of [3_000, 6_000, 12_000, 24_000, 48_000, 60_000, 60_000]) {
        const probe = newcomer();
        for (const ms of [0, waitMs - 1]) {
          jest.advanceTimersByTime(ms);
          await expect(newcomer()).rejects.toMatchObject(notNow);
        }
        jest.advanceTimersByTime(1);
        await expect(probe).rejects.toMatchObject(notNow);
      }
      expect(began).toBe(7);
    });

    it('is had with all once one came through', async () => {
      expect(await patient(async () => 'ticket')).toBe('ticket');
      expect(await patient(async () => 'ticket')).toBe('ticket');
    });

    it('finds out at once in the next trouble, however long the last one was', async () => {
      for (const waitMs of [3_000, 6_000, 12_000]) {
        const probe = newcomer();
        jest.advanceTimersByTime(waitMs);
        await expect(probe).rejects.toMatchObject(notNow);
      }
      const bug = patient(() => Promise.reject(new TypeError('bug')));
      await expect(bug).rejects.toThrow(TypeError);
      const hanging = newcomer();
      jest.advanceTimersByTime(3_000);
      await expect(hanging).rejects.toMatchObject(notNow);
      expect(await patient(async () => 'ticket')).toBe('ticket');
    });

    it('is had with all once what waited came through', async () => {
      const probe = newcomer();
      await expect(newcomer()).rejects.toMatchObject(notNow);
      other.resolve('late');
      await other.promise;
      expect(await patient(async () => 'ticket')).toBe('ticket');
      jest.advanceTimersByTime(3_000);
      await expect(probe).rejects.toMatchObject(notNow);
    });
  });

  it('tells a log that is away from a bug', async () => {
    const away = patient(() => Promise.reject(new LogUnavailable('no broker')));
    await expect(away).rejects.toMatchObject(notNow);
    const bug = patient(() => Promise.reject(new TypeError('bug')));
    await expect(bug).rejects.toThrow(TypeError);
  });
});
