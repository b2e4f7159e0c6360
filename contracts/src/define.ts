import { z } from 'zod';

/**
 * Who owns which noun. An event is said by the owner of its noun and by nobody else; the compiler
 * (`EventsOf`), the publisher and every reader hold to it. A noun is also the name of its topic.
 */
export const owners = {
  section: 'gateway',
  booking: 'gateway',
  seat: 'seat',
  payment: 'payment',
  ticket: 'ticket',
  notification: 'notification',
} as const;

/** A noun that events are about; the topic has the same name. */
export type Noun = keyof typeof owners;
/** A service that owns at least one noun. */
export type Owner = (typeof owners)[Noun];

/** The type of an event: a fact in the past, `noun.participle`. */
export type EventName = `${Noun}.${string}`;
/** The noun of an event's type. */
export type NounOf<Type extends EventName> = Type extends `${infer N extends Noun}.${string}`
  ? N
  : never;
/** The service that alone may say an event. */
export type OwnerOf<Type extends EventName> = (typeof owners)[NounOf<Type>];

/** What every event carries: where it belongs. It is keyed by section, so a section has one home. */
export interface Place {
  readonly showId: string;
  readonly section: string;
  /** Absent from facts about a section rather than a booking. */
  readonly bookingId?: string | undefined;
}

type PlaceShape = { showId: z.ZodType<string>; section: z.ZodType<string> };

/** How an event is used: a bare notification, or one that carries the state its hearers need. */
export type Pattern = 'notification' | 'state-transfer';

/** One kind of event: it names, types, documents and validates. */
export interface EventDefinition<
  Type extends EventName = EventName,
  Shape extends z.ZodRawShape = z.ZodRawShape,
> {
  readonly type: Type;
  readonly noun: NounOf<Type>;
  readonly owner: OwnerOf<Type>;
  /** Version of the schema, from 1. A change that old readers cannot take is a new version. */
  readonly version: number;
  readonly pattern: Pattern;
  /** What the fact means to the business, in one sentence. */
  readonly meaning: string;
  readonly schema: z.ZodObject<Shape>;
  /** Top-level fields that hold personal data. */
  readonly personal: readonly string[];
  readonly example: z.input<z.ZodObject<Shape>>;
}

/**
 * Defines an event. The schema is open (a reader drops unknown fields), the example is held to the
 * schema by a test.
 */
export const defineEvent = <const Type extends EventName, Shape extends z.ZodRawShape & PlaceShape>(
  type: Type,
  definition: {
    meaning: string;
    pattern: Pattern;
    data: Shape;
    example: z.input<z.ZodObject<Shape>>;
    personal?: readonly (keyof Shape & string)[];
    version?: number;
  },
): EventDefinition<Type, Shape> => {
  const noun = type.slice(0, type.indexOf('.')) as NounOf<Type>;
  return {
    type,
    noun,
    owner: owners[noun] as OwnerOf<Type>,
    version: definition.version ?? 1,
    pattern: definition.pattern,
    meaning: definition.meaning,
    schema: z.object(definition.data),
    personal: definition.personal ?? [],
    example: definition.example,
  };
};
