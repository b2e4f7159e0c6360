import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { front, join, leave, type Line } from './line.ts';

const lineOf = (...ones: readonly number[]): Line<number> =>
  ones.reduce<Line<number>>((line, one) => join(line, one), []);

describe('a line', () => {
  it('is as a list would be, whoever joins and leaves', () => {
    const steps = fc.array(fc.tuple(fc.boolean(), fc.nat(40)), { maxLength: 600 });
    fc.assert(
      fc.property(steps, fc.nat(300), (all, count) => {
        let line: Line<number> = lineOf();
        const list: number[] = [];
        for (const [joins, one] of all) {
          line = joins ? join(line, one) : leave(line, (each) => each === one);
          const at = list.indexOf(one);
          if (joins) list.push(one);
          else if (at >= 0) list.splice(at, 1);
        }
        expect(line.flat()).toEqual(list);
        expect(front(line, count)).toEqual(list.slice(0, count));
        expect(line.every((block) => block.length > 0)).toBe(true);
      }),
    );
  });

  it('copies one block when somebody joins or leaves', () => {
    const line = lineOf(...Array(1_000).keys());
    const [first, ...behind] = line;
    const left = leave(line, (one) => one === 0);
    expect(left.slice(1).every((block, index) => block === behind[index])).toBe(true);
    expect(join(line, 1_000)[0]).toBe(first);
    expect(line.flat()).toEqual([...Array(1_000).keys()]);
  });
});
