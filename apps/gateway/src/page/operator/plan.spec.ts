import { describe, expect, it } from '@jest/globals';
import { showRequest } from '../../schemas.ts';
import { parseShow, type Plan, previewOf, requestOf, rowName, slugOf } from './plan.ts';

const plan: Plan = {
  title: 'Król Lear',
  venue: 'Teatr, Łódź',
  startsAt: '2027-03-01T19:30',
  currency: 'EUR',
  sections: [{ name: 'Upper circle', price: '45,50', rows: 2, seats: 3 }],
};

describe('a plan', () => {
  it('is sent as the gateway takes it', () => {
    const request = requestOf(plan);
    expect(request).toEqual({
      showId: 'krol-lear-2027-03-01',
      title: 'Król Lear',
      venue: 'Teatr, Łódź',
      startsAt: new Date('2027-03-01T19:30').toISOString(),
      sections: [
        {
          section: 'upper-circle',
          price: { amount: 4550, currency: 'EUR' },
          rows: [
            { row: 'A', from: 1, to: 3 },
            { row: 'B', from: 1, to: 3 },
          ],
        },
      ],
    });
    expect(showRequest.safeParse(request).success).toBe(true);
  });

  it('has prices in the units of its currency', () => {
    const yen = requestOf({
      ...plan,
      currency: 'JPY',
      sections: [{ ...plan.sections[0]!, price: '9000' }],
    });
    expect(yen.sections[0]?.price).toEqual({ amount: 9000, currency: 'JPY' });
  });

  it('may be unfinished: then the gateway says what it lacks', () => {
    const request = requestOf({ ...plan, title: '', startsAt: '', currency: 'E' });
    expect(showRequest.safeParse(request).success).toBe(false);
  });

  it('is drawn with every seat free, and never more of them than can be drawn', () => {
    expect(previewOf(requestOf(plan))).toEqual([
      {
        section: 'upper-circle',
        price: { amount: 4550, currency: 'EUR' },
        free: 6,
        rows: [
          { row: 'A', from: 1, seats: 'fff' },
          { row: 'B', from: 1, seats: 'fff' },
        ],
      },
    ]);
    const [huge] = previewOf(
      requestOf({ ...plan, sections: [{ ...plan.sections[0]!, rows: 3, seats: 1e7 }] }),
    );
    expect(huge?.free).toBe(50_000);
  });
});

describe('a file', () => {
  it('is a show as it is sent', () => {
    const request = requestOf(plan);
    expect(parseShow(JSON.stringify(request))).toEqual({ request });
  });

  it.each(['{', 'hello', ''])('is refused when it is not JSON: %j', (text) =>
    expect(parseShow(text)).toEqual({ wrong: 'not-json' }),
  );

  it.each(['null', '[]', '{}', '{"title":"x","sections":[{}]}', '{"title":"x","sections":[null]}'])(
    'is refused when it is no show: %s',
    (text) => expect(parseShow(text)).toEqual({ wrong: 'not-a-show' }),
  );
});

it('rows are named as in a theatre', () => {
  expect([0, 25, 26, 27, 52].map(rowName)).toEqual(['A', 'Z', 'AA', 'AB', 'BA']);
});

it('names become addresses', () => {
  expect(['Die Zauberflöte', ' – ', 'A'.repeat(50)].map(slugOf)).toEqual([
    'die-zauberflote',
    '',
    'a'.repeat(40),
  ]);
});
