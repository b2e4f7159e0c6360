import { describe, expect, it } from '@jest/globals';
import { route, withQuery } from './route.ts';

describe('a route', () => {
  const story = route('/bookings/:id');

  it('reads its words from a path', () => {
    expect(story.match('/bookings/a%20b')).toEqual({ id: 'a b' });
    expect(story.match('/bookings/ab/')).toEqual({ id: 'ab' });
    expect(route('/').match('/')).toEqual({});
  });

  it.each(['/', '/bookings', '/bookings/', '/bookings/a/b', '/stuck/a', '/bookings/%'])(
    'is not that of %s',
    (path) => expect(story.match(path)).toBeUndefined(),
  );

  it('writes what it reads', () => {
    const path = story.to({ id: 'ö/ä ?' });
    expect(story.match(path)).toEqual({ id: 'ö/ä ?' });
  });

  it('leaves out of a query what says nothing', () => {
    expect(story.to({ id: 'a' }, { at: '12', q: undefined, state: '' })).toBe('/bookings/a?at=12');
    expect(withQuery('/dead', { q: undefined })).toBe('/dead');
  });
});
