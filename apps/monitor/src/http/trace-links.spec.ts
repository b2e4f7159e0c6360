import { expect, it } from '@jest/globals';
import { linksTo } from './trace-links.ts';

const bookingId = '5f0c9a3be2d14c7fa1b7c0d2e3f40516';
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const templates = [
  { name: 'Jaeger', template: 'https://jaeger.example.org/trace/{traceId}' },
  {
    name: 'Jaeger search',
    template:
      'https://jaeger.example.org/search?service=gateway&tags=' +
      '%7B%22messaging.message.conversation_id%22%3A%22{bookingId}%22%7D',
  },
  { name: 'both', template: 'https://example.org/{bookingId}/{traceId}' },
];

it('leads from a trace to where that trace is shown', () => {
  expect(linksTo(templates, { bookingId, traceId })).toEqual([
    { name: 'Jaeger', url: `https://jaeger.example.org/trace/${traceId}` },
    { name: 'both', url: `https://example.org/${bookingId}/${traceId}` },
  ]);
});

it('leads from a booking to a search for all of its traces', () => {
  const [link, ...others] = linksTo(templates, { bookingId });
  expect([link?.name, others]).toEqual(['Jaeger search', []]);
  expect(JSON.parse(new URL(link?.url ?? '').searchParams.get('tags') ?? '')).toEqual({
    'messaging.message.conversation_id': bookingId,
  });
});

it('writes an id so that it stays within its place', () => {
  const [link] = linksTo([{ name: 'x', template: 'https://x.example.org/?q={bookingId}' }], {
    bookingId: 'a&b="c"',
  });
  expect(link?.url).toBe('https://x.example.org/?q=a%26b%3D%22c%22');
});
