import { z } from 'zod';
import { defineEvent } from './define.ts';
import { examplePlace, ofBooking } from './values.ts';

/** What a message to the customer is about. */
export const occasion = z.enum(['ticket', 'refused', 'failed', 'refunded']);

const told = {
  ...ofBooking,
  about: occasion,
  /** The id of the `booking.copy-requested` that it answers; absent from what nobody asked for. */
  copy: z.string().min(1).max(200).optional(),
};

export const notificationSent = defineEvent('notification.sent', {
  meaning: 'The customer was told how the booking stands.',
  pattern: 'notification',
  version: 2,
  data: told,
  example: { ...examplePlace, about: 'ticket' },
});

export const notificationFailed = defineEvent('notification.failed', {
  meaning: 'The customer could not be told, however often it was tried.',
  pattern: 'notification',
  version: 2,
  data: { ...told, reason: z.string().min(1).max(200) },
  example: { ...examplePlace, about: 'ticket', reason: 'mailbox does not exist' },
});
