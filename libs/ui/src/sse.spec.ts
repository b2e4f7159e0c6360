import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sseParser } from './sse.ts';

const messagesOf = (...pieces: string[]) => {
  const parser = sseParser();
  return pieces.flatMap((piece) => parser.feed(piece));
};

describe('a parser of server-sent events', () => {
  it('reads names, ids and several lines of data, and leaves comments out', () => {
    const text = ': hello\n\nid: 7\nevent: live\ndata: a\ndata:b\nunknown: x\n\ndata\n\n';
    expect(messagesOf(text)).toEqual([
      { event: 'live', data: 'a\nb', id: '7' },
      { event: 'message', data: '', id: '7' },
    ]);
  });

  it('keeps back what has not ended', () => {
    expect(messagesOf('data: a\n')).toEqual([]);
    expect(messagesOf('data: a\n', '\n')).toEqual([{ event: 'message', data: 'a', id: '' }]);
  });

  it('says nothing for a name without data', () => {
    expect(messagesOf('event: live\n\ndata: a\n\n')).toEqual([
      { event: 'message', data: 'a', id: '' },
    ]);
  });

  it('takes the wait between tries from the server', () => {
    const parser = sseParser();
    expect(parser.retryMs()).toBeNull();
    parser.feed('retry: 2500\nretry: soon\n\n');
    expect(parser.retryMs()).toBe(2_500);
  });

  it('reads the same wherever the text was cut, whatever ends its lines', () => {
    const lines = [
      '\uFEFFid: 1',
      'data: {"a":1}',
      '',
      ': ping',
      '',
      'event: x',
      'data: ü',
      'data:',
      '',
      '',
    ];
    const ends = fc.constantFrom('\n', '\r', '\r\n');
    const whole = messagesOf(lines.join('\n'));
    expect(whole).toHaveLength(2);
    fc.assert(
      fc.property(ends, fc.array(fc.nat(60), { maxLength: 8 }), (end, cuts) => {
        // The last carriage return could be half of an end: a comment behind it tells.
        const text = `${lines.join(end)}:`;
        const places = [0, ...cuts.toSorted((a, b) => a - b), text.length];
        const pieces = places.slice(1).map((to, index) => text.slice(places[index], to));
        expect(messagesOf(...pieces)).toEqual(whole);
      }),
    );
  });
});
