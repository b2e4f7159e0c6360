import { describe, expect, it } from '@jest/globals';
import { bugs } from './planted.ts';
import { inThread } from './threads.ts';

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Infinity;

describe('a planted bug', () => {
  it('is found within 1,000 seeds, half of them within 50', async () => {
    const names = Object.keys(bugs);
    const found = await inThread({ bugs: names, seeds: 1000 });
    const rows = names.map((name, index) => ({ name, by: found[index] }));
    const table = rows.map(
      ({ name, by }) => `${String(by?.seed ?? 'none').padStart(6)}  ${name}: ${by?.invariant}`,
    );
    process.stdout.write(`  seed  planted bug: what it broke\n${table.join('\n')}\n`);
    expect(rows.flatMap(({ name, by }) => (by ? [] : [name]))).toEqual([]);
    expect(rows.length).toBeGreaterThanOrEqual(10);
    expect(median(rows.map(({ by }) => by?.seed ?? Infinity))).toBeLessThanOrEqual(50);
  }, 180_000);
});
