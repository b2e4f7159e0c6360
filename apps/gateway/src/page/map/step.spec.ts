import { expect, it } from '@jest/globals';
import { houseOf } from './house.ts';
import { isStep, stepFrom } from './step.ts';

const house = houseOf([
  { row: 'A', from: 1, seats: 'ff' },
  { row: 'A', from: 5, seats: 'ff' },
  { row: 'B', from: 1, seats: 'ssss' },
]);

it.each([
  ['A-1', 'ArrowRight', 'A-2'],
  ['A-2', 'ArrowRight', 'A-5'],
  ['A-5', 'ArrowLeft', 'A-2'],
  ['A-1', 'ArrowLeft', 'A-1'],
  ['A-6', 'ArrowRight', 'A-6'],
  ['A-6', 'ArrowDown', 'B-4'],
  ['B-1', 'ArrowUp', 'A-2'],
  ['A-1', 'ArrowUp', 'A-1'],
  ['B-2', 'ArrowDown', 'B-2'],
  ['B-2', 'End', 'B-4'],
  ['B-2', 'Home', 'B-1'],
  ['B-3', 'PageUp', 'A-5'],
  ['A-6', 'PageDown', 'B-4'],
])('from %s %s leads to %s', (from, key, to) => {
  expect(isStep(key)).toBe(true);
  expect(stepFrom(house, house.find(from)!, key).name).toBe(to);
});

it('other keys lead nowhere', () => expect(isStep('Enter')).toBe(false));
