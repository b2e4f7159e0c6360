import {
  type AnyEvent,
  type Envelope,
  events,
  type EventType,
  isEventType,
  Unreadable,
} from '@ensemble/contracts';
import type { Batch, Consumer, LogRecord } from '@ensemble/log';
import type { Fact, Json } from '@ensemble/store';
import { pause } from './clock.ts';
import { pack, readOnce, unpack } from './letter.ts';
import { detach, persistence, type Ports } from './ports.ts';

/** What is followed for a read model, and which document each event belongs to. */
export interface ReadModel {
  /** Lower case, without dots. */
  readonly name: string;
  readonly hears: readonly EventType[];
  /** Told by the envelope, so that it is known of a newer version too. */
  document(event: Envelope): string;
}

/**
 * A read model that is kept up: for each document the set of its events. A set needs no update,
 * takes copies and late comers as they are, and rebuilds to the same.
 */
export interface Projection {
  /** A document's events in the order of causation and sequence; empty if there are none. */
  facts(document: string): Promise<AnyEvent[]>;
  /**
   * Hears the whole history anew into a new version, then switches over to it; until then the old
   * one answers. Nothing is said and nothing done.
   * @returns the version that answers from now on
   */
  rebuild(): Promise<number>;
  /** Records that are in the log and not yet in the read model. */
  lag(): Promise<number>;
  /** What it waits for, in words; ready when there is nothing. */
  waitsFor(): readonly string[];
  stop(options?: { drainMs?: number }): Promise<void>;
}

/** An event as read models keep it: without personal data, which no reader of it needs. */
const factOf = (document: string, event: AnyEvent): Fact => {
  const { personal } = events[event.type];
  const data = Object.fromEntries(
    Object.entries(event.data).filter(([field]) => !personal.includes(field)),
  );
  return { document, id: event.id, body: { ...event, data } as unknown as Json };
};

/** An event of a newer version, as it came: whoever knows the version reads it later. */
const unreadFact = (document: string, id: string, record: LogRecord): Fact => ({
  document,
  id,
  body: { unread: pack({ kind: 'record', record }) },
});

/** The event of a fact; nothing if its version is still unknown here. */
const eventOf = ({ document, body }: Fact): AnyEvent[] => {
  const kept = body as unknown as AnyEvent | { readonly unread: Json };
  if (!('unread' in kept)) return [kept];
  const letter = unpack(kept.unread);
  try {
    const reading = letter.kind === 'record' ? readOnce(letter.record) : undefined;
    if (reading?.kind !== 'event') return [];
    return [factOf(document, reading.event).body as unknown as AnyEvent];
  } catch (error) {
    // Its version is known now, and the event breaks it: one fact less, not a document.
    if (error instanceof Unreadable) return [];
    throw error;
  }
};

/**
 * Events of one document, causes before effects and by sequence within a topic; where neither
 * tells, by time and id. The same set has the same order whatever the order of arrival.
 */
export const inOrder = <Known extends Envelope>(facts: readonly Known[]): Known[] => {
  const known = new Map(facts.map((event) => [event.id, event]));
  const byTime = [...known.values()].sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1));
  const before = predecessors(byTime);
  const seen = new Set<Known>();
  const ordered: Known[] = [];
  /** The event, after all that comes before it; a chain may be long, so without recursion. */
  const put = (event: Known): void => {
    const path = [event];
    for (let last: Known | undefined = event; last !== undefined; last = path.at(-1)) {
      seen.add(last);
      const first = [known.get(last.causationId), before.get(last)].find(
        // A cycle cannot come from our publishers; whoever forged one sees it cut somewhere.
        (each) => each !== undefined && !seen.has(each),
      );
      if (first !== undefined) path.push(first);
      else ordered.push(...path.splice(-1));
    }
  };
  for (const event of byTime) if (!seen.has(event)) put(event);
  return ordered;
};

/** By event, the one that its publisher said before it on the same topic. */
const predecessors = <Known extends Envelope>(
  byTime: readonly Known[],
): ReadonlyMap<Known, Known> => {
  const before = new Map<Known, Known>();
  const topicOf = ({ source, type }: Known): string =>
    `${source} ${type.slice(0, type.indexOf('.'))}`;
  for (const said of Map.groupBy(byTime, topicOf).values()) {
    let previous: Known | undefined;
    for (const event of said.sort((a, b) => a.sequence - b.sequence)) {
      if (previous !== undefined) before.set(event, previous);
      previous = event;
    }
  }
  return before;
};

/** How often an instance looks whether another one has rebuilt the read model. */
const recheckMs = 5_000;

/** Keeps a read model up in a service's store. */
export const project = (service: string, model: ReadModel, ports: Ports): Projection => {
  const { log, store, clock, observe } = ports;
  const trouble = persistence(service, ports);
  const { persist } = trouble;
  const topics = [...new Set(model.hears.map((type) => events[type].noun))];
  const versions = `read-model:${model.name}:`;
  const setOf = (version: number): string => `${model.name}.v${version}`;
  const groupOf = (version: number): string => `${service}.${setOf(version)}`;
  let stopped = false;
  let joined = false;
  let current = 1;
  const consumers = new Map<number, Consumer>();

  const read = (record: LogRecord): Fact[] => {
    const type = record.headers['ce_type'] ?? '';
    if (!isEventType(type) || !model.hears.includes(type)) return [];
    try {
      const reading = readOnce(record);
      if (reading.kind === 'event') return [factOf(model.document(reading.event), reading.event)];
      if (reading.kind === 'unknown') return [];
      return [unreadFact(model.document(reading.envelope), reading.envelope.id, record)];
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      // The services that hear it put it to their dead letters; a read model is nobody's hearer.
      observe('ignored', { service, what: 'unreadable', error });
      return [];
    }
  };

  const handle = async (version: number, { records }: Batch): Promise<void> => {
    const facts = records.flatMap(read);
    if (facts.length > 0) await persist('store', () => store.keep(setOf(version), facts));
  };

  const follow = (version: number): Consumer => {
    const following = consumers.get(version);
    if (following !== undefined) return following;
    const consumer = log.consume({
      group: groupOf(version),
      topics,
      assigned: () => undefined,
      revoked: () => undefined,
      handle: (batch) => handle(version, batch),
    });
    consumers.set(version, consumer);
    return consumer;
  };

  const newest = async (): Promise<number> => {
    const known = await persist('store', () => store.known(versions));
    return Math.max(1, ...known.map(([key]) => Number(key.slice(versions.length))));
  };

  const behind = async (version: number): Promise<number> => {
    const ends = await persist('log', () => log.ends(topics));
    const done = await persist('log', () => log.committed(groupOf(version), topics));
    return topics
      .flatMap((topic) => (ends[topic] ?? []).map((end, n) => end - (done[topic]?.[n] ?? 0)))
      .reduce((sum, lag) => sum + Math.max(0, lag), 0);
  };

  const switchTo = async (version: number): Promise<void> => {
    const old = current;
    if (old === version) return;
    follow(version);
    current = version;
    await consumers.get(old)?.stop();
    consumers.delete(old);
    dropLater(old);
  };

  /** Other instances answer from the old set until they look. */
  const dropLater = (old: number): void => {
    if (stopped) return;
    cancelDrop = clock.after(2 * recheckMs, () =>
      detach(persist('store', () => store.drop(setOf(old)))),
    );
  };

  /** Another instance may have rebuilt it. */
  const recheck = async (): Promise<void> => {
    const version = await newest();
    if (stopped) return;
    if (version > current) await switchTo(version);
    recheckLater();
  };

  const recheckLater = (): void => {
    if (!stopped) cancelRecheck = clock.after(recheckMs, () => detach(recheck()));
  };
  let cancelRecheck: () => void = () => undefined;
  let cancelDrop: () => void = () => undefined;

  const begin = async (): Promise<void> => {
    await persist('log', () => log.declare(topics.map((name) => ({ name }))));
    current = await newest();
    if (stopped) return;
    // Left over if the instance that switched ended before it dropped it.
    if (current > 1) dropLater(current - 1);
    await follow(current).joined;
    joined = true;
    recheckLater();
  };
  const begun = begin().catch((error: unknown) => {
    if (!stopped) observe('unavailable', { service, what: 'start', error });
  });

  return {
    facts: async (document) => {
      const facts = await store.facts(setOf(current), document);
      return inOrder(facts.flatMap(eventOf));
    },
    rebuild: async () => {
      await begun;
      const version = current + 1;
      await follow(version).joined;
      while ((await behind(version)) > 0) {
        await pause(clock, 50);
      }
      await persist('store', () => store.once(`${versions}${version}`, String(clock.now())));
      await switchTo(version);
      return version;
    },
    lag: () => behind(current),
    waitsFor: () => [
      ...[...trouble.troubles].map(([what, why]) => `${what}: ${why}`),
      ...(joined ? [] : [`the log to give ${model.name} its partitions`]),
    ],
    stop: async ({ drainMs = 3_000 } = {}) => {
      stopped = true;
      cancelRecheck();
      cancelDrop();
      await Promise.all([...consumers.values()].map((each) => each.stop({ drainMs })));
      trouble.stop();
    },
  };
};
