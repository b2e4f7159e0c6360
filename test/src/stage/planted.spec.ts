import { describe, expect, it } from '@jest/globals';
import { bugs } from './planted.ts';
import type { Failure } from './seeds.ts';
import { inThread } from './threads.ts';

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Infinity;

/** For each bug the seed that found it, and by which invariant. */
const tableOf = (found: readonly (readonly [bug: string, by: Failure | null])[]): string =>
  found
    .map(([bug, by]) => `${String(by?.seed ?? 'none').padStart(6)}  ${bug}: ${by?.invariant ?? ''}`)
    .join('\n');

describe('a planted bug', () => {
  it('is found within 1,000 seeds, half of them within 50', async () => {
    const found: [string, Failure | null][] = [];
    for (const bug of Object.keys(bugs)) found.push([bug, await inThread({ bug, seeds: 1000 })]);
    process.stdout.write(`  seed  planted bug: what it broke\n${tableOf(found)}\n`);
    expect(found.filter(([, by]) => by === null)).toEqual([]);
    expect(found.length).toBeGreaterThanOrEqual(10);
    expect(median(found.map(([, by]) => by?.seed ?? Infinity))).toBeLessThanOrEqual(50);
  }, 180_000);
});
