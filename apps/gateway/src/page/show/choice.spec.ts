import { describe, expect, it } from '@jest/globals';
import { houseOf } from '../map/house.ts';
import { choiceIn, choiceOf, pressed, still } from './choice.ts';

const house = houseOf([{ row: 'A', from: 1, seats: 'fffhsffffffff' }]);
const seat = (name: string) => house.find(name)!;

describe('a choice', () => {
  it('has a seat that was pressed, until it is pressed again', () => {
    expect(pressed(['A-1'], seat('A-2'))).toEqual({ seats: ['A-1', 'A-2'], how: 'chosen' });
    expect(pressed(['A-1', 'A-2'], seat('A-1'))).toEqual({ seats: ['A-2'], how: 'given-up' });
  });

  it('stays as it is when the seat is not free, or one too many', () => {
    expect(pressed(['A-1'], seat('A-4'))).toEqual({ seats: ['A-1'], how: 'not-free' });
    expect(pressed(['A-1'], seat('A-5'))).toEqual({ seats: ['A-1'], how: 'not-free' });
    const eight = ['A-1', 'A-2', 'A-3', 'A-6', 'A-7', 'A-8', 'A-9', 'A-10'];
    expect(pressed(eight, seat('A-11'))).toEqual({ seats: eight, how: 'too-many' });
    expect(pressed(eight, seat('A-10')).seats).toHaveLength(7);
  });

  it('loses what others have taken, and keeps the rest', () => {
    expect(still(house, ['A-1', 'A-4', 'A-5', 'A-6', 'Z-1'])).toEqual({
      kept: ['A-1', 'A-6'],
      lost: ['A-4', 'A-5', 'Z-1'],
    });
  });

  it('is read from an address as it was written, and no more than can be booked', () => {
    expect(choiceIn(choiceOf(['A-1', 'BB-12']))).toEqual(['A-1', 'BB-12']);
    expect(choiceIn('A-1,A-1,<b>,A-2')).toEqual(['A-1', 'A-2']);
    expect(choiceIn('1-1,1-2,1-3,1-4,1-5,1-6,1-7,1-8,1-9')).toHaveLength(8);
    expect(choiceIn(null)).toEqual([]);
  });
});
