import { events, isEventType } from '@ensemble/contracts';
import type { WhatIfView } from '../views.ts';
import { type Declared, type DeclaredFlow, flowOf } from './declared.ts';
import type { SeenTypes } from './edges.ts';

/** What events bring: the names of their fields, and which of them are personal. */
const fieldsOf = (type: string): { fields: readonly string[]; personal: readonly string[] } =>
  isEventType(type)
    ? { fields: Object.keys(events[type].schema.shape), personal: events[type].personal }
    : { fields: [], personal: [] };

/** Who makes whom work, at once or later. */
const followersOf = ({ edges }: DeclaredFlow): ReadonlyMap<string, ReadonlySet<string>> => {
  const followers = new Map<string, Set<string>>();
  for (const { from, to } of edges) {
    followers.set(from, (followers.get(from) ?? new Set()).add(to));
  }
  return followers;
};

/** The shortest ways from a service back to itself, one for each service that leads back. */
const cyclesThrough = (service: string, flow: DeclaredFlow): string[][] => {
  const followers = followersOf(flow);
  const paths = new Map<string, readonly string[]>([[service, [service]]]);
  const cycles: string[][] = [];
  for (const [last, path] of paths) {
    for (const next of followers.get(last) ?? []) {
      if (next === service) cycles.push([...path, service]);
      else if (!paths.has(next)) paths.set(next, [...path, next]);
    }
  }
  return cycles;
};

const warningsOf = (
  { service, says, hears, reads, promises }: Declared,
  flow: DeclaredFlow,
  missing: readonly string[],
): string[] => {
  const others = [...flow.services.values()].filter((each) => each.service !== service);
  const known = flow.services.get(service);
  return [
    ...(known === undefined
      ? []
      : [`${service} runs already, with table version ${known.version}.`]),
    ...missing.map((type) => `Nobody says ${type}.`),
    ...says.flatMap((type) =>
      others
        .filter((each) => each.says.includes(type))
        .map((each) => `${type} is ${each.service}'s to say.`),
    ),
    ...says.flatMap((type) =>
      isEventType(type) && events[type].owner !== service
        ? [`${type} belongs to ${events[type].owner}: readers take it from nobody else.`]
        : [],
    ),
    ...says
      .filter((type) => !others.some((each) => [...each.hears, ...each.reads].includes(type)))
      .map((type) => `Nobody hears ${type}.`),
    ...promises
      .filter(({ on }) => ![...hears, ...reads, ...says].includes(on))
      .map(({ on }) => `It promises an answer to ${on}, which it does not hear.`),
  ];
};

/** What would be if a subscriber with this table were started. */
export const whatIf = (
  declared: Declared,
  flow: DeclaredFlow,
  seen: SeenTypes,
  { partitions, now }: { partitions: number; now: number },
): WhatIfView => {
  const { service, hears, reads, says } = declared;
  const wanted = [...new Set([...hears, ...reads])];
  const others = [...flow.services.values()].filter((each) => each.service !== service);
  const sayersOf = (type: string): string[] =>
    others.flatMap((each) => (each.says.includes(type) ? each.service : []));
  // What it says itself it knows.
  const missing = wanted.filter((type) => sayersOf(type).length === 0 && !says.includes(type));
  const before = new Set(cyclesThrough(service, flow).map((cycle) => cycle.join()));
  const cycles = cyclesThrough(service, flowOf([...others, declared]));
  return {
    service,
    available: wanted.flatMap((event) =>
      sayersOf(event).map((from) => ({ event, from, ...fieldsOf(event) })),
    ),
    missing,
    cycles: cycles.filter((cycle) => !before.has(cycle.join())),
    load: {
      rate: wanted.reduce((sum, type) => sum + (seen.get(type)?.counter.rate(now) ?? 0), 0),
      history: wanted.reduce((sum, type) => sum + (seen.get(type)?.counter.total() ?? 0), 0),
    },
    partitions,
    warnings: warningsOf(declared, flow, missing),
  };
};
