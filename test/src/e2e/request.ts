import { randomBytes } from 'node:crypto';
import { sourceOf, writeEvent } from '@ensemble/contracts';
import type { NewRecord } from '@ensemble/log';
import { addressOf, description, good } from './house.ts';

/** A request for the first seats of a house, as the gateway publishes it. */
export const requestFor = (showId: string, name: string, seats = ['A-1']): NewRecord => {
  const { title, venue, startsAt, section: only } = description(showId);
  const { section } = only;
  const bookingId = randomBytes(16).toString('hex');
  const { value, ...message } = writeEvent({
    id: randomBytes(16).toString('hex'),
    type: 'booking.requested',
    source: sourceOf('gateway'),
    time: Date.now(),
    version: 1,
    key: `${showId}/${section}`,
    correlationId: bookingId,
    causationId: randomBytes(16).toString('hex'),
    sequence: 1,
    data: {
      bookingId,
      showId,
      section,
      show: { title, venue, startsAt },
      seats,
      customer: { name, email: addressOf(showId, name) },
      card: good,
    },
  });
  return { ...message, value: Buffer.from(value) };
};
