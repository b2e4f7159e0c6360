import { describe, expect, it } from '@jest/globals';
import { clockAhead } from './server-clock.ts';

const noon = Date.UTC(2026, 10, 21, 12);
const date = new Date(noon).toUTCString();

describe('the clock of the server', () => {
  it('is known to half a second from the Date of an answer', () => {
    // It was 12:00:00.000 to 12:00:00.999 there, in the middle between asking and hearing.
    expect(clockAhead(date, noon - 100, noon + 100)).toBe(500);
    expect(clockAhead(date, noon - 120_100, noon - 119_900)).toBe(120_500);
    expect(clockAhead(date, noon + 60_000, noon + 60_000)).toBe(-59_500);
  });

  it.each([null, '', 'yesterday'])('is not known from %p', (header) =>
    expect(clockAhead(header, noon, noon)).toBeUndefined(),
  );
});
