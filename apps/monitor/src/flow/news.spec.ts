import { expect, it } from '@jest/globals';
import { ada, goldenPath, noon, said, told } from './spec-kit.ts';

const bob = 'b'.repeat(32);
const carl = 'c'.repeat(32);

const whole = (booking: string, from: number) => [
  ...goldenPath(booking, from),
  said('notification.sent', { at: from + 500, booking, cause: 'a mail' }),
];

it('tells of an end and of a verdict once, and not of what was before anybody watched', () => {
  const monitor = told(whole(bob, -3_600_000));
  monitor.tick(noon);
  expect(monitor.news().ended).toEqual([]);
  for (const record of whole(ada, 1_000)) monitor.record(record);
  monitor.tick(noon + 3_000);
  expect(monitor.news().ended).toEqual([{ outcome: 'ticketed', tookMs: 500 }]);
  expect(monitor.news().ended).toEqual([]);

  monitor.record(said('booking.requested', { at: 3_000, booking: carl }));
  monitor.tick(noon + 60_000);
  expect(monitor.news().verdicts).toEqual(['missing reaction']);
  expect(monitor.news().verdicts).toEqual([]);
});
