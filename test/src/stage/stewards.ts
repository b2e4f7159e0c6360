import { idOf } from '@ensemble/choreography';
import type { AnyEvent } from '@ensemble/contracts';
import type { Actor, Chance } from '@ensemble/testing/stage';
import { type Answering, asking, type Asking } from './requests.ts';

/** Those at the doors, and those who come with their tickets. */
export interface Stewards extends Pick<Asking, 'asked'> {
  /** Told of each event when it is published for the first time. */
  hear(event: AnyEvent): void;
  /** Everyone who came was answered. */
  areDone(): boolean;
}

/** Within this time after a ticket was made, somebody comes with it. */
const comeWithinMs = 60_000;
const doors = ['north-door', 'south-door'];

/**
 * Some come at once, some twice, some at two doors at the same moment, and some whose ticket was
 * revoked. A door asks until it is answered.
 * @param processes those of `ticket` that answer at this moment
 */
export const stewards = (
  actor: Actor,
  chance: Chance,
  processes: () => readonly Answering[],
): Stewards => {
  const { asked, later, ask } = asking(actor, chance, processes);
  let busy = 0;

  const come = async ({ data, key }: Ticket, n: number): Promise<void> => {
    const { bookingId, showId, section } = data;
    const all = data.seats.map(({ seat }) => seat);
    const seats = chance.happens(0.3) ? all : [chance.pick(all) ?? ''];
    const by = chance.pick(doors) ?? '';
    const coming = { bookingId, showId, section, seats, by, at: null };
    const admission = {
      of: 'ticket',
      name: 'admit',
      id: idOf(bookingId, 'admit', n),
      stream: bookingId,
      key,
      data: coming,
      fingerprint: idOf(JSON.stringify(coming)),
      answers: 0,
    } as const;
    await ask({ ...admission }, true);
    if (chance.happens(0.2)) await ask({ ...admission }, true);
  };

  const visit = async (ticket: Ticket): Promise<void> => {
    await later(chance.below(comeWithinMs));
    await Promise.all([come(ticket, 1), ...(chance.happens(0.4) ? [come(ticket, 2)] : [])]);
    if (!chance.happens(0.3)) return;
    await later(chance.below(comeWithinMs));
    await come(ticket, 3);
  };

  return {
    asked,
    hear: (event) => {
      if (event.type !== 'ticket.generated' || !chance.happens(0.6)) return;
      busy += 1;
      void visit(event).finally(() => {
        busy -= 1;
      });
    },
    areDone: () => busy === 0,
  };
};

type Ticket = Extract<AnyEvent, { type: 'ticket.generated' }>;
