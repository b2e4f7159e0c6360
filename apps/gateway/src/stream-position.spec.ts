import { describe, expect, it } from '@jest/globals';
import { decodePosition, encodePosition } from './stream-position.ts';

const places = [
  { topic: 'booking', partition: 2 },
  { topic: 'seat', partition: 2 },
];
const ends = { booking: [0, 0, 9], seat: [0, 0, 7] };
const decode = (id: string) => {
  const offsets = decodePosition(id, places, ends);
  return [offsets['booking']?.[2], offsets['seat']?.[2]];
};

describe('the position of a stream', () => {
  it('survives the way to the client and back', () => {
    const id = encodePosition(places, { booking: [1, 1, 4], seat: [0, 0, 3] });
    expect(id).toBe('booking/2:4,seat/2:3');
    expect(decode(id)).toEqual([4, 3]);
  });

  it.each([
    ['beyond the end of the log', 'booking/2:900,seat/2:3', [9, 3]],
    ['of other partitions', 'booking/4000000000:1,seat/2:3', [0, 3]],
    ['that is no number', 'booking/2:x,seat/2:-1', [0, 0]],
    ['that is something else', 'hello', [0, 0]],
    ['that is empty', '', [0, 0]],
  ])('believes nothing %s', (_what, id, offsets) => {
    expect(decode(id)).toEqual(offsets);
  });
});
