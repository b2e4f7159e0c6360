import { type Command, reaction, type RunningOf, say, service } from '@ensemble/choreography';
import type { DataOf } from '@ensemble/contracts';

/** What the gateway remembers: of a booking what its customer did, of a section that it is open. */
export interface Desk {
  readonly requested: boolean;
  readonly withdrawn: boolean;
  /** How often a letter was asked for once more. */
  readonly copies: number;
  readonly opened: boolean;
}

const untouched: Desk = { requested: false, withdrawn: false, copies: 0, opened: false };

/** What settles a request of the gateway's table. */
export type Submit = RunningOf<typeof gateway>['submit'];

/** More letters than this is somebody who fills a mailbox. */
export const copiesAtMost = 5;

/**
 * Takes in what customers and operators say, and repeats it as a fact. It hears nothing from the
 * log: its input is the HTTP request, 202 its acknowledgement. A booking's stream is its id, that
 * of a section `showId/section`.
 */
export const gateway = service(
  'gateway',
  { stream: 'booking', version: 2, initial: untouched },
  {
    evolve: {
      'section.opened': (desk) => ({ ...desk, opened: true }),
      'booking.requested': (desk) => ({ ...desk, requested: true }),
      'booking.withdrawn': (desk) => ({ ...desk, withdrawn: true }),
      'booking.copy-requested': (desk) => ({ ...desk, copies: desk.copies + 1 }),
    },
    commands: {
      'request-booking': reaction(
        ['booking.requested'],
        ({ requested }: Desk, { data }: Command<DataOf<'booking.requested'>>) =>
          requested ? [] : [say('booking.requested', data)],
      ),
      'withdraw-booking': reaction(
        ['booking.withdrawn'],
        ({ requested, withdrawn }: Desk, { data }: Command<DataOf<'booking.withdrawn'>>) =>
          requested && !withdrawn ? [say('booking.withdrawn', data)] : [],
      ),
      'replace-card': reaction(
        ['booking.card-replaced'],
        ({ requested, withdrawn }: Desk, { data }: Command<DataOf<'booking.card-replaced'>>) =>
          requested && !withdrawn ? [say('booking.card-replaced', data)] : [],
      ),
      'request-copy': reaction(
        ['booking.copy-requested'],
        ({ requested, copies }: Desk, { data }: Command<DataOf<'booking.copy-requested'>>) =>
          requested && copies < copiesAtMost ? [say('booking.copy-requested', data)] : [],
      ),
      'open-section': reaction(
        ['section.opened'],
        ({ opened }: Desk, { data }: Command<DataOf<'section.opened'>>) =>
          opened ? [] : [say('section.opened', data)],
      ),
    },
    once: { 'section.opened': [], 'booking.requested': [], 'booking.withdrawn': [] },
  },
);
