import { seatsOf } from '@ensemble/contracts';
import { showRequest } from '@ensemble/gateway/schemas';
import { describe, expect, it } from '@jest/globals';
import { firstShows } from './first-shows.ts';

const noon = Date.parse('2026-11-21T12:00:00.000Z');

describe('what is on sale from the first start', () => {
  it('is three shows of at least 500 seats, as an operator would describe them', () => {
    const shows = firstShows(noon).map((show) => showRequest.parse(show));
    const seats = shows.flatMap(({ sections }) => sections.flatMap(({ rows }) => seatsOf(rows)));
    expect(shows).toHaveLength(3);
    expect(seats.length).toBeGreaterThanOrEqual(500);
    expect(shows.filter(({ sections }) => sections.length >= 2).length).toBeGreaterThanOrEqual(2);
  });

  it('is the same however often the first start was cut short', () => {
    expect(firstShows(noon)).toEqual(firstShows(noon));
    expect(firstShows(noon)[0]?.startsAt).toBe('2026-12-21T19:00:00.000Z');
  });
});
