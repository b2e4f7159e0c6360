import { expect, it } from '@jest/globals';
import { interleavings } from './interleavings.ts';

it('interleavings keep the order within each topic, and are all there are', () => {
  expect(interleavings(['a1', 'a2'], ['b1'], []).map((order) => order.join(' '))).toEqual([
    'a1 a2 b1',
    'a1 b1 a2',
    'b1 a1 a2',
  ]);
  expect(interleavings([1, 2, 3], [4, 5], [6])).toHaveLength(60);
});
