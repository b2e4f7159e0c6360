import {
  declare,
  type EffectContext,
  patientParking,
  type Projection,
  project,
  type ReadModel,
  type Running,
  type RunningOf,
  type RuntimeOptions,
  type Service,
  start,
} from '@ensemble/choreography';
import { events, eventTypes } from '@ensemble/contracts';
import { gateway } from '@ensemble/gateway';
import { notification } from '@ensemble/notification';
import { payment } from '@ensemble/payment';
import { seat } from '@ensemble/seat';
import { type Chance, flawed, type Part, type Player, type Playing } from '@ensemble/testing/stage';
import { ticket } from '@ensemble/ticket';
import type { Outside } from './outside.ts';
import type { PaymentEffects } from './payment-effects.ts';

/** How long seats are held on this stage, in seconds. */
export const holdSeconds = 60;

/** A process on the stage; of the gateway also what customers and readers use, of `ticket` doors. */
export interface Cast extends Playing {
  readonly desk?: RunningOf<typeof gateway>;
  /** Of `ticket`: what doors ask. */
  readonly door?: RunningOf<typeof ticket>;
  readonly bookings?: Projection;
}

const seats = seat({ holdSeconds, answersAtOnce: 3 });
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

/** How the runtimes of one play are set; production's settings are among them. */
export type Settings = Required<
  Pick<
    RuntimeOptions,
    'window' | 'effectsAtOnce' | 'parking' | 'lanesAtMost' | 'commitsPerSnapshot'
  >
>;

/** Parked inputs that go to the dead letters before whoever could mend it has come. */
const hastyParking = { firstMs: 500, maxMs: 4_000, limit: 4 };

/** Small windows, few slots and little memory make waiting and forgetting the rule. */
export const drawSettings = (chance: Chance): Settings => ({
  window: chance.pick([1, 5, 256]),
  effectsAtOnce: chance.pick([1, 256]),
  parking: {
    ...chance.pick([patientParking, hastyParking]),
    atMost: chance.pick([2, 10_000]),
  },
  // To forget at once costs many steps, so few plays do.
  lanesAtMost: chance.pick([1, 5_000, 5_000, 5_000]),
  commitsPerSnapshot: chance.pick([1, 4, 500]),
});

/**
 * All services of Ensemble, each with its real table.
 * @param acts told of everything that is about to be done to the world
 */
export const castOf = ({
  processes,
  settings,
  payments,
  outside,
  acts,
  mutation = {},
}: {
  /** Of each service that hears events. */
  processes: number;
  settings: Settings;
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
        const desk = start(table(gateway), ports, {}, { ...settings, declaration });
        const model = project('gateway', bookings, ports);
        const stop = async (): Promise<void> => {
          await Promise.all([desk.stop(), model.stop()]);
        };
        return { desk, bookings: model, stop, parked: () => 0 };
      },
    },
    hearing('seat', ({ ports, isFlawed }) =>
      start(flawed(table(seats), isFlawed), ports, {}, settings),
    ),
    hearing('payment', (player) =>
      start(
        flawed(table(payment), player.isFlawed),
        player.ports,
        mutate(watched('payment', payments(player)), player),
        settings,
      ),
    ),
    {
      name: 'ticket',
      processes,
      begin: ({ ports, isFlawed }) => {
        const signing = watched('ticket', outside.signing());
        const door = start(flawed(table(ticket), isFlawed), ports, signing, settings);
        return { door, stop: () => door.stop(), parked: () => door.status().parked.inputs };
      },
    },
    hearing('notification', (player) =>
      start(
        flawed(table(notification), player.isFlawed),
        player.ports,
        watched('notification', outside.mailing(player)),
        settings,
      ),
    ),
  ];
};
