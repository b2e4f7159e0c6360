import type { DataOf, EventOf, EventsOf, EventType } from '@ensemble/contracts';
import type { Json } from '@ensemble/store';
import type { Exclusive, Once, Promised, Terms } from './promise.ts';
import type { RetryPolicy } from './retry.ts';

/** Says an event: a fact, in the service's own words. */
export type Saying<Type extends EventType = EventType> = Type extends EventType
  ? { readonly says: Type; readonly data: DataOf<Type> }
  : never;

/** Names a to-do: the runtime does it after the commit, and what came of it is heard. */
export interface Doing<Name extends string = string> {
  readonly does: Name;
  readonly args: Json;
  readonly at?: number | undefined;
  readonly until?: number | undefined;
}

/** Withdraws the open to-dos of a name: they are not tried again and their answers not heard. */
export interface Withdrawing<Name extends string = string> {
  readonly withdraws: Name;
}

/** What a decision consists of. */
export type Decision<Says extends EventType = EventType> = Saying<Says> | Doing | Withdrawing;

/** Says an event of this type. */
export const say = <Type extends EventType>(type: Type, data: DataOf<Type>): Saying<Type> =>
  ({ says: type, data }) as Saying<Type>;

/** Withdraws what is open under the name of a to-do. */
export const withdraw = <Name extends string>(toDo: {
  readonly does: Name;
}): Withdrawing<Name> => ({
  withdraws: toDo.does,
});

/** What came of a to-do: its result, or why it was given up. A reminder's result is null. */
export type Came<Args = Json, Result = Json> = {
  readonly id: string;
  readonly args: Args;
  /** When the answer was there, in milliseconds since 1970 UTC. */
  readonly time: number;
} & (
  { readonly ok: true; readonly result: Result } | { readonly ok: false; readonly reason: string }
);

/** A kind of to-do; called, it makes one. */
export interface ToDo<Name extends string = string, Args = never, Result = unknown> {
  /**
   * @param when.at not before this moment (ms since 1970 UTC; default: at once)
   * @param when.until tried at least once, given up after this moment
   */
  (args: Args, when?: { readonly at?: number; readonly until?: number }): Doing<Name>;
  readonly does: Name;
  /** How it is tried again; null for a reminder, which only needs its time to come. */
  readonly retry: RetryPolicy | null;
  /** What it needs of the world outside, such as `payment provider`. */
  readonly reaches?: string | undefined;
  /** The type of its results; there is no such value. */
  readonly resultType?: Result;
}

const makeToDo = <Name extends string, Args, Result>(
  name: Name,
  retry: RetryPolicy | null,
  reaches?: string,
): ToDo<Name, Args, Result> =>
  Object.assign(
    (args: Args, { at, until }: { at?: number; until?: number } = {}): Doing<Name> => ({
      does: name,
      args: args as Json,
      at,
      until,
    }),
    { does: name, retry, reaches },
  );

/**
 * Something to be done to the world: `toDo('charge')<ChargeArgs, ChargeAnswer>({ firstMs, maxMs })`.
 * Its effect is given to the service where it is started. What the effect returns is heard as
 * `came`; what it throws means "not now" and is tried again by the policy.
 * @param options.reaches what it needs of the world outside: suspected first when it is late
 */
export const toDo =
  <const Name extends string>(name: Name) =>
  <Args, Result>(
    retry: RetryPolicy,
    { reaches }: { reaches?: string } = {},
  ): ToDo<Name, Args, Result> =>
    makeToDo(name, retry, reaches);

/** A moment to be reminded of, once all that was there before it has been heard. */
export const reminder = <const Name extends string>(name: Name): ToDo<Name, null, null> =>
  makeToDo(name, null);

/** What a decision may look at beside the state and the input. */
export interface Context {
  /** The moment of the decision, in milliseconds since 1970 UTC. */
  readonly at: number;
  /** Whether a to-do of this name is named and neither answered nor withdrawn. */
  readonly isOpen: (toDo: { readonly does: string }) => boolean;
}

/** A reaction: what it may say, what it promises of that, and how it decides. */
export interface Reaction<State = never, Input = never, Says extends EventType = EventType> {
  readonly says: readonly Says[];
  /** The terms on which it promises to answer an event with one of `says`. */
  readonly promised?: Terms | undefined;
  /**
   * Pure and synchronous. The state already holds what was heard. Returns what is said and done,
   * in order; an exception is a bug and parks the stream.
   */
  decide(state: State, input: Input, context: Context): readonly Decision<Says>[];
}

/** Declares a reaction; with terms it promises one of `says` to each event that it is about. */
export const reaction = <const Says extends EventType, State, Input>(
  says: readonly Says[],
  decide: (state: State, input: Input, context: Context) => readonly Decision<Says>[],
  promised?: Terms,
): Reaction<State, Input, Says> => ({ says, promised, decide });

type NameOf<Does extends readonly ToDo[]> = Does[number]['does'];
type CameOf<Does extends readonly ToDo[], Name extends string> =
  Extract<Does[number], { does: Name }> extends ToDo<string, infer Args, infer Result>
    ? Came<Args, Result>
    : never;

/** A request from outside, as the decision sees it; requests come to the edge only. */
export interface Command<Data> {
  readonly id: string;
  readonly data: Data;
  readonly time: number;
}

/** What a service is about. */
export interface About<State, Does extends readonly ToDo[]> {
  /** What its streams are about: one for each section, or one for each booking. */
  readonly stream: 'section' | 'booking';
  /** Version of `evolve` and `initial`; a new one makes old snapshots void. */
  readonly version: number;
  /** What it remembers before it has heard anything. */
  readonly initial: State;
  /** The to-dos it may name. */
  readonly does?: Does;
}

/** A service as a table: what it remembers, hears, says and does. */
export interface Table<
  Name extends string,
  State,
  Does extends readonly ToDo[],
  Commands extends Record<string, unknown>,
> {
  /** What it remembers of events, heard or said. */
  readonly evolve: {
    readonly [Type in EventType]?: (state: State, event: EventOf<Type>) => State;
  };
  /** What it remembers of the outcomes of its to-dos. */
  readonly evolveCame?: {
    readonly [N in NameOf<Does>]?: (state: State, came: CameOf<Does, N>) => State;
  };
  /** What it makes of the events of others. */
  readonly on?: {
    readonly [Type in EventType]?: Reaction<State, EventOf<Type>, EventsOf<Name>>;
  };
  /** What it makes of the outcomes of its to-dos: one reaction for each. */
  readonly came?: {
    readonly [N in NameOf<Does>]: Reaction<State, CameOf<Does, N>, EventsOf<Name>>;
  };
  /** What customers may ask of it; only at the edge. */
  readonly commands?: {
    readonly [C in keyof Commands]: Reaction<State, Command<Commands[C]>, EventsOf<Name>>;
  };
  /** What it owes beside what its reactions promise. */
  readonly promises?: readonly Promised<EventsOf<Name>>[];
  /** What it never says twice. */
  readonly once?: Once<EventsOf<Name>>;
  /** What it never says beside something else. */
  readonly exclusive?: readonly Exclusive<EventsOf<Name>>[];
}

type Evolve = (state: unknown, input: unknown) => unknown;
type AnyReaction = Reaction<unknown, unknown>;

/** A service as the runtime knows it. */
export interface Service<
  Name extends string = string,
  Does extends readonly ToDo[] = readonly ToDo[],
  Commands extends Record<string, unknown> = Record<string, unknown>,
  State = unknown,
> {
  readonly name: Name;
  readonly stream: 'section' | 'booking';
  readonly version: number;
  readonly initial: unknown;
  /** By type of event or name of to-do; a type has a dot and a name has none. */
  readonly evolve: ReadonlyMap<string, Evolve>;
  readonly on: ReadonlyMap<string, AnyReaction>;
  readonly does: ReadonlyMap<string, ToDo>;
  readonly came: ReadonlyMap<string, AnyReaction>;
  readonly commands: ReadonlyMap<string, AnyReaction>;
  /** The types that it hears: what it reacts to or remembers of others. */
  readonly hears: readonly EventType[];
  /** The types that it may say. */
  readonly says: readonly EventType[];
  /** All that it owes. */
  readonly promises: readonly Promised[];
  /** By type of event, the fields for whose values it says one at most. */
  readonly once: ReadonlyMap<EventType, readonly string[]>;
  readonly exclusive: readonly (readonly EventType[])[];
  /** The types of the table; there is no such value. */
  readonly types?: { does: Does; commands: Commands; state: State };
}

const entries = <Value>(table: object | undefined): ReadonlyMap<string, Value> =>
  new Map(Object.entries(table ?? {}) as [string, Value][]);

/** Makes a service of its table. The compiler lets it say only events that it owns. */
export const service = <
  const Name extends string,
  State,
  const Does extends readonly ToDo[] = readonly [],
  Commands extends Record<string, unknown> = Record<never, never>,
>(
  name: Name,
  about: About<State, Does>,
  table: Table<Name, NoInfer<State>, NoInfer<Does>, Commands>,
): Service<Name, Does, Commands, State> => {
  const on = entries<AnyReaction>(table.on);
  const came = entries<AnyReaction>(table.came);
  const commands = entries<AnyReaction>(table.commands);
  const evolve = entries<Evolve>({ ...table.evolve, ...table.evolveCame });
  const says = [
    ...new Set([on, came, commands].flatMap((map) => [...map.values()].flatMap((r) => r.says))),
  ];
  const remembered = [...evolve.keys()].filter((type) => type.includes('.')) as EventType[];
  const hears = new Set([...(on.keys() as Iterable<EventType>), ...remembered]);
  for (const type of says) hears.delete(type);
  const promisedIn = [...on].flatMap(([type, { says: oneOf, promised }]) =>
    promised === undefined ? [] : [{ on: type as EventType, oneOf, ...promised }],
  );
  return {
    name,
    stream: about.stream,
    version: about.version,
    initial: about.initial,
    evolve,
    on,
    came,
    commands,
    does: new Map((about.does ?? []).map((each) => [each.does, each as ToDo])),
    hears: [...hears],
    says,
    promises: [...promisedIn, ...(table.promises ?? [])],
    once: entries<readonly string[]>(table.once) as ReadonlyMap<EventType, readonly string[]>,
    exclusive: table.exclusive ?? [],
  };
};

/** What is told to an effect beside its arguments. */
export interface EffectContext {
  /** The to-do's id: the same at every try. */
  readonly id: string;
  /** How often it was tried before. */
  readonly tries: number;
}

/** The effects of a service's to-dos: each does one thing to the world, and may do it again. */
export type EffectsOf<S extends Service> =
  S extends Service<string, infer Does>
    ? {
        readonly [
          N in NameOf<Does> as Extract<Does[number], { does: N }> extends ToDo<string, null, null>
            ? never
            : N
        ]: Extract<Does[number], { does: N }> extends ToDo<string, infer Args, infer Result>
          ? (args: Args, context: EffectContext) => Promise<Result>
          : never;
      }
    : never;

/** Effects as the runtime knows them. */
export type Effects = Readonly<
  Record<string, (args: never, context: EffectContext) => Promise<unknown>>
>;
