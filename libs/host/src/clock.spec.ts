import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { systemClock } from './clock.ts';

const dayMs = 86_400_000;

describe('the clock of the system', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('waits longer than a timer of Node can', () => {
    let rang = 0;
    systemClock.after(60 * dayMs, () => (rang += 1));
    jest.advanceTimersByTime(60 * dayMs - 1);
    expect(rang).toBe(0);
    jest.advanceTimersByTime(1);
    expect(rang).toBe(1);
  });

  it('calls off a wait, also after the first of its timers', () => {
    let rang = 0;
    const cancel = systemClock.after(60 * dayMs, () => (rang += 1));
    jest.advanceTimersByTime(50 * dayMs);
    cancel();
    jest.advanceTimersByTime(50 * dayMs);
    expect(rang).toBe(0);
  });
});
