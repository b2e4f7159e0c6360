import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { bearing, hamlet, type Rehearsal, rehearse, until } from './rehearsal.ts';

const operator = bearing('operator-token-of-grace');
let stage: Rehearsal;

beforeEach(async () => {
  stage = await rehearse();
});
afterEach(() => stage.end());

const open = (json: unknown) => stage.ask('/api/shows', { json, headers: operator });

describe('a show', () => {
  it('is opened by its operator, section by section', async () => {
    const { status, headers, body } = await open(hamlet);
    expect([status, headers.get('location')]).toEqual([201, '/api/shows/hamlet']);
    expect(body).toEqual({ showId: 'hamlet', sections: ['stalls', 'balcony'] });
    const { showId, title, venue, startsAt } = hamlet;
    const expected = hamlet.sections.map((section) => ({
      type: 'section.opened',
      key: `hamlet/${section.section}`,
      data: { showId, show: { title, venue, startsAt }, ...section },
    }));
    const published = await stage.published('section');
    expect(published).toHaveLength(2);
    expect(published).toEqual(
      expect.arrayContaining(expected.map((event) => expect.objectContaining(event))),
    );
    expect(stage.happened).toContain('decided opening of a show by grace');
  });

  it('is opened once', async () => {
    await Promise.all([open(hamlet), open(hamlet), open(hamlet)]);
    const again = await open(hamlet);
    expect([again.status, again.body.sections]).toEqual([200, ['stalls', 'balcony']]);
    expect(await stage.published('section')).toHaveLength(2);
  });

  it('can have a section more', async () => {
    await open(hamlet);
    const [, balcony] = hamlet.sections;
    const boxes = { ...balcony, section: 'boxes' };
    expect((await open({ ...hamlet, sections: [balcony, boxes] })).status).toBe(201);
    const { body } = await stage.ask('/api/shows/hamlet');
    expect(body.sections.map(({ section }: { section: string }) => section)).toEqual([
      'balcony',
      'boxes',
      'stalls',
    ]);
  });

  it('is shown as soon as it is open, with every seat', async () => {
    await open(hamlet);
    const { showId, title, venue, startsAt } = hamlet;
    expect((await stage.ask('/api/shows')).body).toEqual({
      shows: [
        {
          showId,
          title,
          venue,
          startsAt,
          sections: ['balcony', 'stalls'],
          from: { amount: 2000, currency: 'EUR' },
        },
      ],
    });
    const { body } = await stage.ask('/api/shows/hamlet');
    expect(body).toMatchObject({ showId, title, venue, startsAt });
    expect(body.sections[0]).toEqual({
      section: 'balcony',
      price: { amount: 2000, currency: 'EUR' },
      seats: ['C-1', 'C-2', 'C-3', 'C-4'].map((seat) => ({ seat, state: 'free' })),
    });
    expect(body.sections[1].seats).toHaveLength(40);
  });

  it('is listed with the others by when it starts', async () => {
    await open({ ...hamlet, showId: 'macbeth', startsAt: '2027-05-01T19:30:00.000Z' });
    await open({ ...hamlet, showId: 'lear', startsAt: '2027-02-01T19:30:00.000Z' });
    await open(hamlet);
    const { body } = await stage.ask('/api/shows');
    expect(body.shows.map(({ showId }: { showId: string }) => showId)).toEqual([
      'lear',
      'hamlet',
      'macbeth',
    ]);
  });

  it('tells held seats from sold and from free ones', async () => {
    await open(hamlet);
    const seats = async () => {
      const { body } = await stage.ask('/api/shows/hamlet');
      return body.sections[1].seats.slice(11, 13).map(({ state }: { state: string }) => state);
    };
    const are = async (state: string) =>
      expect(await until(seats, (found) => found.includes(state))).toEqual([state, state]);
    await are('free');
    await stage.says('seat.reserved');
    await are('held');
    await stage.says('seat.released');
    await are('free');
    await stage.says('seat.reserved');
    await stage.says('seat.sold');
    await are('sold');
  });

  it('is drawn in rows of letters, two where an aisle parts one', async () => {
    const [stalls, balcony] = hamlet.sections;
    const rows = [
      { row: 'A', from: 11, to: 14 },
      { row: 'A', from: 16, to: 17 },
      { row: 'B', from: 1, to: 2 },
    ];
    await open({ ...hamlet, sections: [{ ...stalls, rows }, balcony] });
    await stage.says('seat.reserved');
    const { body } = await until(
      () => stage.ask('/api/shows/hamlet/map'),
      (answer) => answer.body.sections[1].free === 6,
    );
    expect(body).toMatchObject({ showId: 'hamlet', title: 'Hamlet' });
    expect(body.sections[0]).toMatchObject({
      section: 'balcony',
      free: 4,
      rows: [{ row: 'C', from: 1, seats: 'ffff' }],
    });
    expect(body.sections[1]).toEqual({
      section: 'stalls',
      price: { amount: 4500, currency: 'EUR' },
      free: 6,
      rows: [
        { row: 'A', from: 11, seats: 'fhhf' },
        { row: 'A', from: 16, seats: 'ff' },
        { row: 'B', from: 1, seats: 'ff' },
      ],
    });
  });

  it('is not sent again as long as it is the same', async () => {
    await open(hamlet);
    const etag = (await stage.ask('/api/shows/hamlet')).headers.get('etag') ?? '';
    const headers = { 'If-None-Match': `"other", W/${etag}` };
    expect((await stage.ask('/api/shows/hamlet', { headers })).status).toBe(304);
    await stage.says('seat.reserved');
    const { status } = await until(
      () => stage.ask('/api/shows/hamlet', { headers }),
      (answer) => answer.status === 200,
    );
    expect(status).toBe(200);
  });
});
