import { describe, expect, it } from '@jest/globals';
import { formatsOf } from './format.ts';
import { readingOf } from './reading.ts';

describe('a page is read', () => {
  it.each([
    [
      'in the first language that is asked for and there',
      null,
      ['fr', 'de-AT', 'en'],
      'de',
      'de-AT',
    ],
    ['in English when none of them is there', null, ['fr-FR'], 'en', 'en-GB'],
    ['in the one that was chosen', 'de', ['en-US'], 'de', 'de-DE'],
    ['with the numbers of the place that goes with it', 'en', ['de-DE', 'en-US'], 'en', 'en-US'],
    ['as it would be when what was chosen is gone', 'tlh', ['de'], 'de', 'de-DE'],
  ] as const)('%s', (_how, chosen, wished, language, locale) => {
    expect(readingOf(chosen, wished)).toEqual({ language, locale });
  });
});

it('money, numbers and lists are written as people there write them', () => {
  const { money, plural, list } = formatsOf('de-DE');
  expect(money({ amount: 123_450, currency: 'EUR' })).toBe('1.234,50\u00A0€');
  expect([1, 2_000].map((n) => plural(n, 'Platz', 'Plätze'))).toEqual(['1 Platz', '2.000 Plätze']);
  expect(list(['A-1', 'A-2', 'A-3'])).toBe('A-1, A-2 und A-3');
});
