import { beforeEach, describe, expect, it } from '@jest/globals';
import { LogUnavailable } from '@ensemble/log';
import { type Patience, patience } from './patience.ts';
import { handClock } from './rehearsal.ts';

const notNow = { code: 'not-now', retryAfter: 3 };
let clock: ReturnType<typeof handClock>;
let patient: Patience;

beforeEach(() => {
  clock = handClock();
  patient = patience(clock, 3_000);
});

describe('patience', () => {
  it('has what comes in time', async () => {
    expect(await patient(async () => 'ticket')).toBe('ticket');
  });

  it('ends with what never comes', async () => {
    const waiting = patient(() => new Promise(() => undefined));
    clock.advance(3_000);
    await expect(waiting).rejects.toMatchObject(notNow);
  });

  it('is not had with newcomers while others wait in vain', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const waiting = patient(() => promise);
    clock.advance(3_000);
    await expect(waiting).rejects.toMatchObject(notNow);
    let begun = false;
    const newcomer = patient(async () => (begun = true));
    await expect(newcomer).rejects.toMatchObject(notNow);
    expect(begun).toBe(false);
    clock.advance(60_000);
    resolve('late');
    await promise;
    expect(await patient(async () => 'ticket')).toBe('ticket');
  });

  it('is not lost for all because of one that hangs', async () => {
    const hanging = patient(() => new Promise(() => undefined));
    const other = Promise.withResolvers<string>();
    const waiting = patient(() => other.promise);
    clock.advance(2_999);
    clock.advance(1);
    await expect(hanging).rejects.toMatchObject(notNow);
    await expect(waiting).rejects.toMatchObject(notNow);
    clock.advance(1);
    other.resolve('late');
    await other.promise;
    expect(await patient(async () => 'ticket')).toBe('ticket');
  });

  it('tells a log that is away from a bug', async () => {
    const away = patient(() => Promise.reject(new LogUnavailable('no broker')));
    await expect(away).rejects.toMatchObject(notNow);
    const bug = patient(() => Promise.reject(new TypeError('bug')));
    await expect(bug).rejects.toThrow(TypeError);
  });
});
