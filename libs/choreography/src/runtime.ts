import type { Batch, Consumer, TopicDeclaration } from '@ensemble/log';
import { partitionOf } from '@ensemble/log';
import { events } from '@ensemble/contracts';
import type { Json } from '@ensemble/store';
import type { TraceParent } from '@ensemble/telemetry';
import { type Declaration, declare, flowTopic } from './flow.ts';
import { recall } from './fold.ts';
import { type Home, home } from './home.ts';
import type { LaneHooks, Settled } from './lane.ts';
import { lanes, type LanesSettings } from './lanes.ts';
import { deadTopic, redriveTopic } from './letter.ts';
import { type ParkingPolicy, patientParking } from './parking.ts';
import { persistence, type Ports } from './ports.ts';
import { slots } from './schedule.ts';
import type { Effects, EffectsOf, Service, ToDo } from './service.ts';

/** A request from outside, to be decided once. */
export interface Request {
  /** The command's name in the service's table. */
  readonly name: string;
  /** Made from the client's key: the same request has the same id. */
  readonly id: string;
  /** The stream that decides on it. */
  readonly stream: string;
  /** `showId/section`, for the home of what is said. */
  readonly key: string;
  readonly data: Json;
  /** Tells a repeat of the same request from another one under the same id. */
  readonly fingerprint: string;
  /** The context in which it is made; without one it begins a trace. */
  readonly traceparent?: TraceParent | undefined;
}

/** How a runtime is doing. */
export interface Status {
  /** What it waits for, in words; ready when there is nothing. */
  readonly waitsFor: readonly string[];
  /** Partitions that are its own. */
  readonly partitions: readonly number[];
  readonly parked: {
    readonly streams: number;
    readonly inputs: number;
    readonly oldest: number | null;
  };
}

/** A service that runs. */
export interface Running<Commands = Record<string, unknown>, State = unknown> {
  readonly service: Service;
  /**
   * Settles a request. Resolves when what it led to is stored and published; a repeat resolves to
   * the commit of the first. Waits as long as the log or the store is away.
   */
  submit(request: Request & { name: keyof Commands & string }): Promise<Settled>;
  /** What the service remembers of a stream, freshly read. @throws StoreUnavailable */
  recall(stream: string): Promise<State>;
  status(): Status;
  /** Records of each topic that wait for the service, whoever of its members will hear them. */
  lag(): Promise<ReadonlyMap<string, number>>;
  /** Ends what is under way, at most `drainMs` milliseconds, and begins nothing more. */
  stop(options?: { drainMs?: number }): Promise<void>;
}

/** The running form of a service. */
export type RunningOf<S extends Service> =
  S extends Service<string, readonly ToDo[], infer Commands, infer State>
    ? Running<Commands, State>
    : never;

/** Settings of a runtime; the defaults are for production. */
export interface RuntimeOptions extends LanesSettings {
  /** Records of one topic and partition in flight at most. */
  readonly window?: number;
  /** Effects at once at most. */
  readonly effectsAtOnce?: number;
  readonly parking?: ParkingPolicy;
  /** What else of the service goes into its declaration. */
  readonly declaration?: Declaration;
}

const topicsHeard = (service: Service): string[] => [
  ...new Set(service.hears.map((type) => events[type].noun)),
];

/** Every topic that a service reads or writes. */
export const topicsOf = (service: Service): TopicDeclaration[] => [
  ...[
    ...new Set([
      ...topicsHeard(service),
      ...service.says.map((type) => events[type].noun),
      deadTopic(service.name),
      redriveTopic(service.name),
    ]),
  ].map((name) => ({ name })),
  { name: flowTopic, compacted: true },
];

/**
 * Starts a service on a log and a store. Returns at once: what is away is waited for, and
 * `status()` says for what.
 * @param effects what does the service's to-dos, by name
 */
export const start = <S extends Service>(
  service: S,
  ports: Ports,
  effects: EffectsOf<S>,
  options: RuntimeOptions = {},
): RunningOf<S> => {
  const { log, clock, observe, telemetry } = ports;
  const trouble = persistence(service.name, ports);
  const { persist } = trouble;
  const topics = [...topicsHeard(service), redriveTopic(service.name)];
  const homes = new Map<number, Home>();
  const slot = slots(options.effectsAtOnce ?? 256);
  let consumer: Consumer | null = null;
  let joined = false;
  let stopped = false;

  const hooks: LaneHooks = {
    filed: (toDos, decidedAt) => {
      for (const toDo of toDos) homes.get(toDo.partition)?.schedule.add([toDo], decidedAt);
    },
    filedAgain: (partition) => homes.get(partition)?.schedule.look(),
    closed: (toDos, partition) => homes.get(partition)?.schedule.drop(toDos),
  };
  const streams = lanes(service, ports, trouble, hooks, options);

  const assigned = async (partition: number): Promise<void> => {
    const mine = home(service, partition, ports, trouble, {
      topics,
      lanes: streams,
      effects: effects as Effects,
      slot,
      policy: options.parking ?? patientParking,
    });
    homes.set(partition, mine);
    await mine.start();
  };

  const revoked = (partition: number): void => {
    const mine = homes.get(partition);
    homes.delete(partition);
    streams.leave(partition);
    // What is being done ends by itself; whose commit comes first decides.
    void mine?.stop();
  };

  const handle = async (batch: Batch): Promise<void> => {
    const mine = homes.get(batch.partition);
    if (mine === undefined) throw new Error(`partition ${batch.partition} is not ours`);
    const done = batch.records.map(() => false);
    let prefix = 0;
    const settle = (index: number): void => {
      done[index] = true;
      if (index !== prefix) return;
      while (done[prefix] === true) prefix += 1;
      const last = batch.records[prefix - 1];
      if (last === undefined) return;
      mine.heard(batch.topic, last.offset + 1);
      batch.commit(last.offset + 1);
    };
    await Promise.all(
      batch.records.map(async (record, index) => {
        await mine.deliver({ kind: 'record', record });
        settle(index);
      }),
    );
  };

  const begin = async (): Promise<void> => {
    await persist('log', () => log.declare(topicsOf(service)));
    const declaration = options.declaration ?? declare(service);
    const record = {
      topic: flowTopic,
      key: service.name,
      value: Buffer.from(JSON.stringify(declaration)),
      headers: { 'content-type': 'application/json' },
    };
    await persist('log', () => log.append([record]));
    if (stopped) return;
    if (service.hears.length > 0) {
      const { name: group } = service;
      const { window } = options;
      consumer = log.consume({
        group,
        topics,
        ...(window === undefined ? {} : { window }),
        assigned,
        revoked,
        handle,
        skipped: ({ topic, partition, offset }) => homes.get(partition)?.heard(topic, offset),
      });
      await consumer.joined;
    }
    joined = true;
  };
  const begun = begin().catch((error: unknown) => {
    if (!stopped) observe('unavailable', { service: service.name, what: 'start', error });
  });

  const parkedInAll = (): Status['parked'] => {
    const counts = [...homes.values()].map(({ parking }) => parking.count());
    const ages = counts.flatMap(({ oldest }) => (oldest === null ? [] : [oldest]));
    return {
      streams: counts.reduce((sum, each) => sum + each.streams, 0),
      inputs: counts.reduce((sum, each) => sum + each.inputs, 0),
      oldest: ages.length === 0 ? null : Math.min(...ages),
    };
  };

  const running: Running = {
    service,
    recall: async (stream) => (await recall(service, ports.store, stream)).state,
    submit: ({ name, id, stream, key, data, fingerprint, traceparent }) =>
      streams.of(stream, partitionOf(key, log.partitions)).settle({
        kind: 'command',
        id,
        name,
        data,
        fingerprint,
        time: clock.now(),
        trace: telemetry.begin(stream, traceparent),
      }),
    status: () => ({
      waitsFor: [
        ...[...trouble.troubles].map(([what, why]) => `${what}: ${why}`),
        ...(joined ? [] : ['the log to give it its partitions']),
      ],
      partitions: [...homes.keys()].sort((a, b) => a - b),
      parked: parkedInAll(),
    }),
    lag: async () => {
      const [ends, done] = await Promise.all([
        log.ends(topics),
        log.committed(service.name, topics),
      ]);
      const behind = (topic: string): number =>
        (ends[topic] ?? [])
          .map((end, partition) => Math.max(0, end - (done[topic]?.[partition] ?? 0)))
          .reduce((sum, lag) => sum + lag, 0);
      return new Map(topics.map((topic) => [topic, behind(topic)]));
    },
    stop: async ({ drainMs = 3_000 } = {}) => {
      stopped = true;
      const late = Promise.withResolvers<void>();
      const cancel = clock.after(drainMs, late.resolve);
      const effectsEnd = Promise.all([...homes.values()].map((each) => each.stop()));
      await consumer?.stop({ drainMs });
      await Promise.race([Promise.all([effectsEnd, begun]), late.promise]);
      cancel();
      trouble.stop();
    },
  };
  return running as RunningOf<S>;
};
