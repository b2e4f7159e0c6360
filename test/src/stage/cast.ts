import {
  declare,
  type EffectContext,
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
import { flawed, type Part, type Player, type Playing } from '@ensemble/testing/stage';
import { ticket } from '@ensemble/ticket';
import type { Outside } from './outside.ts';
import type { PaymentEffects } from './payment-effects.ts';

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

/**
 * All services of Ensemble, each with its real table.
 * @param acts told of everything that is about to be done to the world
 */
export const castOf = ({
  below,
  payments,
  outside,
  acts,
  mutation = {},
}: {
  below(n: number): number;
  payments(player: Player): PaymentEffects;
  outside: Outside;
  acts(service: string, toDo: string, args: unknown): void;
  mutation?: Mutation | undefined;
}): Part<Cast>[] => {
  const table = <S extends Service>(service: S): S => mutation.table?.(service) ?? service;
  const mutate: NonNullable<Mutation['effects']> = (effects, player) =>
    mutation.effects?.(effects, player) ?? effects;

  const watched = <Effects extends object>(service: string, effects: Effects): Effects =>
    Object.fromEntries(
      Object.entries(effects).map(([name, effect]) => [
        name,
        (args: unknown, context: EffectContext) => {
          acts(service, name, args);
          return effect(args, context);
        },
      ]),
    ) as Effects;

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
        const declaration = declare(gateway, bookings.hears);
        const desk = start(table(gateway), ports, {}, { declaration });
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
      start(flawed(table(ticket), isFlawed), ports, watched('ticket', outside.signing()), options),
    ),
    hearing('notification', (player) =>
      start(
        flawed(table(notification), player.isFlawed),
        player.ports,
        watched('notification', outside.mailing(player)),
        options,
      ),
    ),
  ];
};
