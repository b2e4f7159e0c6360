import { events, type EventType } from '@ensemble/contracts';
import type { Promised } from './promise.ts';
import type { Service } from './service.ts';

/** The compacted topic on which each service puts its table. */
export const flowTopic = 'flow';

/** What one input leads to, as a service declares it. */
export interface DeclaredReaction {
  /** A type of event, the name of a to-do, or the name of a command. */
  readonly to: string;
  readonly by: 'event' | 'to-do' | 'command';
  readonly says: readonly EventType[];
}

/** A to-do as a service declares it. */
export interface DeclaredToDo {
  readonly name: string;
  readonly kind: 'effect' | 'reminder';
  /** What it needs of the world outside. */
  readonly reaches?: string | undefined;
}

/** A service's table as data: who wants to see the flow reads it, and imports nobody. */
export interface Declaration {
  readonly service: string;
  readonly version: number;
  /** What its streams are about; ids of to-dos and events are made from it. */
  readonly stream: 'section' | 'booking';
  /** Everything it hears, also what it only remembers. */
  readonly hears: readonly EventType[];
  readonly says: readonly EventType[];
  readonly reactions: readonly DeclaredReaction[];
  readonly toDos: readonly DeclaredToDo[];
  /** Events that its read models follow. */
  readonly reads: readonly EventType[];
  /** What it owes, and when. */
  readonly promises: readonly Promised[];
  /** What it says once at most: for a booking or section, and for each value of these fields. */
  readonly once: readonly { readonly event: EventType; readonly per: readonly string[] }[];
  /** Facts of which it promises that no booking has two. */
  readonly exclusive: readonly (readonly EventType[])[];
  /** The versions of the schemas of all that it hears, reads or says. */
  readonly versions: Readonly<Record<string, number>>;
}

/** The declaration of a service. */
export const declare = (service: Service, reads: readonly EventType[] = []): Declaration => {
  const reactions = (
    [
      ['event', service.on],
      ['to-do', service.came],
      ['command', service.commands],
    ] as const
  ).flatMap(([by, table]) => [...table].map(([to, { says }]) => ({ to, by, says })));
  const known = [...new Set([...service.hears, ...service.says, ...reads])];
  return {
    service: service.name,
    version: service.version,
    stream: service.stream,
    hears: service.hears,
    says: service.says,
    reactions,
    toDos: [...service.does.values()].map(({ does, retry, reaches }) => ({
      name: does,
      kind: retry === null ? 'reminder' : 'effect',
      ...(reaches === undefined ? {} : { reaches }),
    })),
    reads,
    promises: service.promises,
    once: [...service.once].map(([event, per]) => ({ event, per })),
    exclusive: service.exclusive,
    versions: Object.fromEntries(known.map((type) => [type, events[type].version])),
  };
};

/** One arrow of the flow: a service says an event, and another one hears it. */
export interface Edge<Type extends string = EventType> {
  readonly from: string;
  readonly event: Type;
  readonly to: string;
}

/** Who hears what from whom, computed from the tables; nobody wrote it down as a whole. */
export const edgesOf = <Type extends string>(
  declarations: readonly {
    readonly service: string;
    readonly hears: readonly Type[];
    readonly says: readonly Type[];
  }[],
): Edge<Type>[] =>
  declarations.flatMap(({ service: from, says }) =>
    says.flatMap((event) =>
      declarations
        .filter(({ hears }) => hears.includes(event))
        .map(({ service: to }) => ({ from, event, to })),
    ),
  );

/** The flow as a Mermaid flowchart: an arrow for each pair of services, with its events. */
export const mermaid = (declarations: readonly Declaration[]): string => {
  const arrows = new Map<string, EventType[]>();
  for (const { from, event, to } of edgesOf(declarations)) {
    const arrow = `${from} ${to}`;
    arrows.set(arrow, [...(arrows.get(arrow) ?? []), event]);
  }
  const lines = [...arrows].map(([arrow, events]) => {
    const [from, to] = arrow.split(' ');
    return `  ${from} -->|"${events.join('<br/>')}"| ${to}`;
  });
  return ['flowchart LR', ...lines].join('\n');
};
