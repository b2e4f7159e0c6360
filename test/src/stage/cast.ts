import {
  type EffectContext,
  type EffectsOf,
  type Projection,
  project,
  type ReadModel,
  type Running,
  type RunningOf,
  type Service,
  start,
} from '@ensemble/choreography';
import { events, eventTypes } from '@ensemble/contracts';
import { gateway } from '@ensemble/gateway';
import { notification } from '@ensemble/notification';
import { payment } from '@ensemble/payment';
import { seat } from '@ensemble/seat';
import {
  flawed,
  type Part,
  type Player,
  type Playing,
  type Weather,
} from '@ensemble/testing/stage';
import { ticket } from '@ensemble/ticket';
import type { PaymentEffects } from './pretend-bank.ts';

/** How long seats are held on this stage, in seconds. */
export const holdSeconds = 60;

/** A process on the stage; of the gateway also what customers and readers use. */
export interface Cast extends Playing {
  readonly desk?: RunningOf<typeof gateway>;
  readonly bookings?: Projection;
}

const seats = seat({ holdSeconds });
/** The services that hear events, as they are meant to be. */
export const services: readonly Service[] = [seats, payment, ticket, notification];

/** A mail that was handed over. */
export interface Mail {
  /** The to-do's id: the same when it is sent again. */
  readonly id: string;
  readonly about: string;
  readonly bookingId: string;
}

/** What can go wrong with mails and signatures. */
export const worldFaults = {
  'mail server down': [0.005, 0.03],
  'mails refused': [0.01, 0.1],
  'signing key away': [0.01, 0.05],
} as const;

/** All that happened to a booking. */
const bookings: ReadModel = {
  name: 'bookings',
  hears: eventTypes.filter((type) => 'bookingId' in events[type].schema.shape),
  document: ({ correlationId }) => correlationId,
};

/** Changes tables and effects, to plant a bug. */
export interface Mutation {
  table?<S extends Service>(service: S): S;
  effects?(effects: PaymentEffects, player: Player): PaymentEffects;
  /** The idempotency key under which a payment is made. */
  prepareKey?(bookingId: string, tries: number): string;
}

const longestAwayMs = 60_000;
type Tried = (service: string, toDo: string, args: unknown) => void;

/**
 * All services of Ensemble, each with its real table.
 * @param tried told of everything that is about to be done to the world
 */
export const castOf = ({
  weather,
  now,
  below,
  payments,
  mails,
  tried,
  mutation = {},
}: {
  weather: Weather<keyof typeof worldFaults>;
  now(): number;
  below(n: number): number;
  payments(player: Player): PaymentEffects;
  mails: Mail[];
  tried: Tried;
  mutation?: Mutation | undefined;
}): Part<Cast>[] => {
  const table = <S extends Service>(service: S): S => mutation.table?.(service) ?? service;
  const mutate: NonNullable<Mutation['effects']> = (effects, player) =>
    mutation.effects?.(effects, player) ?? effects;
  const awayUntil = { mail: 0, key: 0 };
  const isAway = (what: keyof typeof awayUntil, fault: keyof typeof worldFaults): boolean => {
    if (weather.strikes(fault)) awayUntil[what] = now() + below(longestAwayMs);
    return awayUntil[what] > now();
  };

  const watched = <Effects extends object>(service: string, effects: Effects): Effects =>
    Object.fromEntries(
      Object.entries(effects).map(([name, effect]) => [
        name,
        (args: unknown, context: EffectContext) => {
          tried(service, name, args);
          return effect(args, context);
        },
      ]),
    ) as Effects;

  const post = (player: Player): EffectsOf<typeof notification> => {
    const send = player.wireTo('mail server', {
      isAway: () => isAway('mail', 'mail server down'),
      failure: () => new Error('the mail server does not answer'),
    });
    return {
      mail: ({ about, facts: { bookingId } }, { id }) =>
        send({
          what: `send ${about} ${bookingId.slice(0, 8)}`,
          apply: () => {
            if (weather.strikes('mails refused'))
              return { outcome: 'refused', reason: 'no such box' };
            mails.push({ id, about, bookingId });
            return { outcome: 'sent', messageId: id };
          },
        }),
    };
  };

  const press = (): EffectsOf<typeof ticket> => ({
    issue: async ({ bookingId, seats }) => {
      if (isAway('key', 'signing key away')) throw new Error('the signing key is away');
      const code = `${bookingId}.signed`;
      const links = { pdf: 'http://ticket.test/pdf', calendar: 'http://ticket.test/ics' };
      return { ticketId: bookingId, code, seats: seats.map((seat) => ({ seat, code })), links };
    },
  });

  const processes = 1 + below(3);
  // Small windows and few slots make waiting the rule.
  const options = { window: [1, 5, 256][below(3)] ?? 1, effectsAtOnce: [1, 256][below(2)] ?? 1 };
  const hearing = (name: string, begin: (player: Player) => Running): Part<Cast> => ({
    name,
    processes,
    begin: (player) => {
      const running = begin(player);
      return { stop: () => running.stop(), parked: () => running.status().parked.inputs };
    },
  });

  return [
    {
      name: 'gateway',
      processes: 2,
      begin: ({ ports }) => {
        const desk = start(table(gateway), ports, {});
        const model = project('gateway', bookings, ports);
        const stop = async (): Promise<void> => {
          await Promise.all([desk.stop(), model.stop()]);
        };
        return { desk, bookings: model, stop, parked: () => 0 };
      },
    },
    hearing('seat', ({ ports, isFlawed }) =>
      start(flawed(table(seats), isFlawed), ports, {}, options),
    ),
    hearing('payment', (player) =>
      start(
        flawed(table(payment), player.isFlawed),
        player.ports,
        mutate(watched('payment', payments(player)), player),
        options,
      ),
    ),
    hearing('ticket', ({ ports, isFlawed }) =>
      start(flawed(table(ticket), isFlawed), ports, watched('ticket', press()), options),
    ),
    hearing('notification', (player) =>
      start(
        flawed(table(notification), player.isFlawed),
        player.ports,
        watched('notification', post(player)),
        options,
      ),
    ),
  ];
};
