import { events, type EventType, owners } from '@ensemble/contracts';
import type { Access } from '@ensemble/log';
import { type Declaration, flowTopic } from './flow.ts';
import { deadTopic, redriveTopic } from './letter.ts';

/** What a service needs of the log beside what its declaration says. */
export interface Besides {
  /** Topics that every process reads and writes. */
  readonly shared?: readonly string[];
  /** Groups of other services whose progress it asks for. */
  readonly watches?: readonly string[];
}

const nounsOf = (types: readonly EventType[]): string[] => types.map((type) => events[type].noun);

const sorted = (names: readonly string[]): string[] => [...new Set(names)].sort();

/**
 * What a service needs of the log: it says what is its own, hears what it declares, and joins the
 * groups of its name. It may give itself its dead letters once more, for nobody else hears them.
 */
export const accessOf = (
  { service, hears, says, reads }: Declaration,
  { shared = [], watches = [] }: Besides = {},
): Access => {
  const [dead, redriven] = [deadTopic(service), redriveTopic(service)];
  return {
    writes: sorted([...nounsOf(says), dead, redriven, flowTopic, ...shared]),
    reads: sorted([...nounsOf(hears), ...nounsOf(reads), dead, redriven, ...shared]),
    // A process verifies the topics of all events when it starts, also those it has no part in.
    declares: sorted([...Object.keys(owners), dead, redriven, flowTopic, ...shared]),
    joins: [
      ...(hears.length > 0 ? [service] : []),
      // Its read models: a group for each, and a new one whenever it is built anew.
      ...(reads.length > 0 ? [`${service}.*`] : []),
    ],
    watches: sorted(watches),
  };
};

/** What an operator needs who gives services their dead letters once more, and does nothing else. */
export const operatorAccess = (services: readonly string[]): Access => {
  const [dead, redriven] = [services.map(deadTopic), services.map(redriveTopic)];
  const both = sorted([...dead, ...redriven]);
  return { writes: sorted(redriven), reads: both, declares: both, joins: [], watches: [] };
};

/**
 * What the monitor needs: to read everything, topics that nobody has heard of yet included, to ask
 * how far everybody is, and to give services stored letters once more. It says nothing of its own.
 */
export const monitorAccess = (services: readonly string[]): Access => ({
  writes: sorted(services.map(redriveTopic)),
  reads: ['*'],
  declares: [],
  joins: [],
  watches: ['*'],
});
