import type { EffectsOf } from '@ensemble/choreography';
import type { notification } from '@ensemble/notification';
import type { Player, Weather } from '@ensemble/testing/stage';
import type { ticket } from '@ensemble/ticket';

/** A mail that was handed over. */
export interface Mail {
  /** The to-do's id: the same when it is sent again. */
  readonly id: string;
  readonly about: string;
  /** The request that it answers with a copy. */
  readonly copy?: string | undefined;
  readonly bookingId: string;
}

/** What can go wrong with mails and signatures. */
export const outsideFaults = {
  'mail server down': [0.005, 0.03],
  'mails refused': [0.01, 0.1],
  'signing key away': [0.01, 0.05],
} as const;
type Fault = keyof typeof outsideFaults;

/** The world outside, but for money: a mail server and a signing key. */
export interface Outside {
  readonly mails: readonly Mail[];
  mailing(player: Player): EffectsOf<typeof notification>;
  signing(): EffectsOf<typeof ticket>;
}

const longestAwayMs = 60_000;

export const outsideWorld = ({
  weather,
  now,
  below,
}: {
  weather: Weather<Fault>;
  now(): number;
  below(n: number): number;
}): Outside => {
  const mails: Mail[] = [];
  const awayUntil = new Map<Fault, number>();
  const isAway = (fault: Fault): boolean => {
    if (weather.strikes(fault)) awayUntil.set(fault, now() + below(longestAwayMs));
    return (awayUntil.get(fault) ?? 0) > now();
  };

  return {
    mails,
    mailing: (player) => {
      const send = player.wireTo('mail server', {
        isAway: () => isAway('mail server down'),
        failure: () => new Error('the mail server does not answer'),
      });
      return {
        mail: ({ about, copy, facts: { bookingId } }, { id }) =>
          send({
            what: `send ${about} ${bookingId.slice(0, 8)}`,
            apply: () => {
              if (weather.strikes('mails refused')) return { outcome: 'refused', reason: 'full' };
              mails.push({ id, about, copy, bookingId });
              return { outcome: 'sent', messageId: id };
            },
          }),
      };
    },
    signing: () => ({
      issue: async ({ bookingId, seats }) => {
        if (isAway('signing key away')) throw new Error('the signing key is away');
        const code = `${bookingId}.signed`;
        const links = { pdf: 'http://ticket.test/pdf', calendar: 'http://ticket.test/ics' };
        return { ticketId: bookingId, code, seats: seats.map((seat) => ({ seat, code })), links };
      },
    }),
  };
};
