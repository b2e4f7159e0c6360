import { describe, expect, it } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import { production, settingsOf } from './settings.ts';

describe('limits for production', () => {
  it('K25: let a consumer that waits be heard of several times a session', () => {
    expect(production.pollMs).toBeLessThanOrEqual(500);
    expect(3 * (production.heartbeatMs + production.pollMs)).toBeLessThan(production.sessionMs);
  });

  it('K27: give a busy machine time to connect', () => {
    expect(production.connectMs).toBeGreaterThanOrEqual(5_000);
  });

  it('K13, K16: reject, cut and close within some seconds', () => {
    expect(production.requestMs).toBeLessThanOrEqual(5_000);
    expect(production.closeMs + production.drainMs).toBeLessThanOrEqual(5_000);
  });

  it('K11: let a group not wait for a member longer than a session', () => {
    expect(production.rebalanceMs).toBeLessThanOrEqual(production.sessionMs);
  });

  it('may be other ones', () => {
    const settings = settingsOf({ ...options, limits: { stuckMs: 1 } });
    expect(settings.limits).toEqual({ ...production, stuckMs: 1 });
  });
});

describe('who listens', () => {
  it('is told in a turn of its own, so that nothing it throws reaches kafkajs', async () => {
    const told: string[] = [];
    const settings = settingsOf({ ...options, onStuck: (reason) => void told.push(reason) });
    settings.onStuck('nothing arrives');
    expect(told).toEqual([]);
    await setImmediate();
    expect(told).toEqual(['nothing arrives']);
  });
});

const options = { brokers: [], partitions: 4, clientId: 'spec', onStuck: () => {} };
