import { describe, expect, it } from '@jest/globals';
import { keyOf, keysUnder, versionKey } from './keys.ts';

const isUnder = (key: string, { $gt, $lt }: { $gt: string; $lt: string }): boolean =>
  key > $gt && key < $lt;

describe('a key', () => {
  it('is never that of other parts', () => {
    const parts = [
      ['a', 'b', 'c'],
      ['a/b', 'c'],
      ['a', 'b/c'],
      ['a~1b', 'c'],
      ['a~', '1b', 'c'],
      ['a~1b/c'],
      ['', 'a', 'b', 'c'],
    ];
    const keys = parts.map((each) => keyOf(...each));
    expect(new Set(keys).size).toBe(parts.length);
  });

  it('is under the parts that it begins with, and under no others', () => {
    const under = keysUnder('hamlet/A');
    expect(isUnder(keyOf('hamlet/A', '1'), under)).toBe(true);
    expect(isUnder(keyOf('hamlet/A', '🎭', '1'), under)).toBe(true);
    const strangers = [['hamlet/A'], ['hamlet', 'A', '1'], ['hamlet/AB', '1'], ['hamlet/A0', '1']];
    for (const stranger of strangers) expect(isUnder(keyOf(...stranger), under)).toBe(false);
  });

  it('sorts versions as numbers', () => {
    const versions = [1, 9, 10, 99, 100, 1_000_000, Number.MAX_SAFE_INTEGER];
    expect(versions.map(versionKey).toSorted()).toEqual(versions.map(versionKey));
  });
});
