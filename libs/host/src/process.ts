import type { RequestListener } from 'node:http';
import process from 'node:process';
import {
  type Clock,
  type EffectsOf,
  type Observe,
  persistence,
  type Ports,
  type RunningOf,
  type RuntimeOptions,
  type Service,
  start,
  type Status,
} from '@ensemble/choreography';
import { type Log, LogUnavailable } from '@ensemble/log';
import { StoreUnavailable } from '@ensemble/store';
import { noTelemetry, type Telemetry } from '@ensemble/telemetry';
import type { Logger } from 'pino';
import type { Adapters } from './adapters.ts';
import { CannotStart } from './cannot-start.ts';
import { framesOf, reasonOf } from './logging.ts';
import type { MeasuredPart } from './metrics.ts';
import { type Listening, serve, type Served } from './serve.ts';

/** A part of the process: a service's runtime, or what stands beside one. */
export interface Part {
  readonly name: string;
  status(): Pick<Status, 'waitsFor'> & Partial<Status>;
  /** Records of each topic that wait for it. */
  lag?(): Promise<ReadonlyMap<string, number>>;
  stop(options: { drainMs: number }): Promise<void>;
}

/** The services of one process, on one log. */
export interface Services {
  readonly log: Log;
  portsOf(service: string): Ports;
  /** Starts a service. */
  run<S extends Service>(service: S, effects: EffectsOf<S>, options?: RuntimeOptions): RunningOf<S>;
  /** Takes in a part that was started otherwise. */
  add(part: Part): void;
  /**
   * Makes a call to the log or a store until it is there to answer; `status()` says what is waited
   * for. Any other failure is the caller's.
   */
  insist<Result>(where: 'log' | 'store', call: () => Promise<Result>): Promise<Result>;
  /**
   * Listens for requests until the others stop too; resolves to where.
   * @throws CannotStart if it is not possible
   */
  serve(app: RequestListener, where: Listening): Promise<string>;
  /** All apps of the process are there: until then it is not ready, whatever they say. */
  started(): void;
  /** What is to be done once all parts have stopped, the last added first. */
  atEnd(task: () => Promise<void> | void): void;
  status(): ReadonlyMap<string, ReturnType<Part['status']>>;
  /** The parts by name, for whoever measures them. */
  parts(): ReadonlyMap<string, MeasuredPart>;
  /** Stops everything in order: first the parts, together, then what they stood on. */
  stop(): Promise<void>;
}

const isAway = (error: unknown): boolean =>
  error instanceof LogUnavailable || error instanceof StoreUnavailable;

/** What is under way gets this long to end, in milliseconds; a runtime takes up to twice that. */
const drainMs = 1_500;

/** Runs several services in one process. */
export const hostServices = ({
  adapters,
  clock,
  observe,
  telemetryOf = () => noTelemetry,
}: {
  adapters: Adapters;
  clock: Clock;
  observe: Observe;
  /** Tells of a service's work as spans. */
  telemetryOf?: (service: string) => Telemetry;
}): Services => {
  const parts: Part[] = [];
  const endings: (() => Promise<void> | void)[] = [() => adapters.close()];
  const servers: Served[] = [];
  const { log } = adapters;
  const trouble = persistence('start', {
    clock,
    random: Math.random,
    observe,
    telemetry: noTelemetry,
  });
  const starting: Part = {
    name: 'start',
    status: () => ({
      waitsFor: [
        ...[...trouble.troubles].map(([what, why]) => `${what}: ${why}`),
        'all apps of the process to be started',
      ],
    }),
    stop: async () => trouble.stop(),
  };
  parts.push(starting);
  const portsOf = (service: string): Ports => ({
    log,
    store: adapters.storeOf(service),
    clock,
    random: Math.random,
    observe,
    telemetry: telemetryOf(service),
  });
  return {
    log,
    portsOf,
    run: <S extends Service>(service: S, effects: EffectsOf<S>, options?: RuntimeOptions) => {
      const running = start(service, portsOf(service.name), effects, options);
      parts.push({
        name: service.name,
        status: () => running.status(),
        lag: () => running.lag(),
        stop: (how) => running.stop(how),
      });
      return running;
    },
    add: (part) => void parts.push(part),
    insist: async (where, call) => {
      const outcome = await trouble.persist(where, async () => {
        try {
          return { result: await call() };
        } catch (error) {
          if (isAway(error)) throw error;
          return { error };
        }
      });
      if ('error' in outcome) throw outcome.error;
      return outcome.result;
    },
    serve: async (app, where) => {
      const server = await serve(app, where);
      servers.push(server);
      return server.url;
    },
    started: () => void parts.splice(parts.indexOf(starting), 1),
    atEnd: (task) => void endings.push(task),
    status: () => new Map(parts.map((part) => [part.name, part.status()])),
    parts: () =>
      new Map(parts.map((part) => [part.name, { ...part.status(), lag: part.lag?.bind(part) }])),
    stop: async () => {
      await Promise.all([
        ...servers.map((server) => server.stop()),
        ...parts.map((part) => part.stop({ drainMs })),
      ]);
      for (const task of endings.toReversed()) await task();
    },
  };
};

/** After this long the process ends, whatever is still under way, in milliseconds. */
const hardExitMs = 4_500;
/** npm hands on the signal that the terminal gave the whole group: that is one Ctrl-C, not two. */
const sameSignalMs = 500;

/**
 * Lets the process end in order. The first SIGTERM or SIGINT stops it with exit code 0, the second
 * one ends it at once with 1, and so does a stop that fails. What nobody caught is logged and ends it
 * with 1: whatever was not finished goes on at the next start.
 */
export const endInOrder = ({
  stop,
  logger,
  say,
}: {
  stop: () => Promise<void>;
  logger: Pick<Logger, 'fatal' | 'warn'>;
  say: (line: string) => void;
}): void => {
  let since: number | null = null;
  const die = (error: unknown): void => {
    logger.fatal(
      { reason: reasonOf(error), at: framesOf(error) },
      'an error that nobody caught: the process ends',
    );
    // A stop under way is the better end: what it takes things away from may well complain.
    if (since === null) process.exit(1);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);

  const onSignal = (): void => {
    if (since !== null) {
      if (performance.now() - since > sameSignalMs) process.exit(1);
      return;
    }
    since = performance.now();
    say('Stopping; what is not finished goes on at the next start.');
    setTimeout(() => {
      say(`Not everything ended within ${hardExitMs / 1000} s: it goes on at the next start.`);
      process.exit(0);
    }, hardExitMs);
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.warn(
          { reason: reasonOf(error) },
          'stopping in order did not work: what is not finished goes on at the next start',
        );
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
};

/** Runs what starts a process: why it cannot start is one sentence, and exit code 2. */
export const startOrSay = async (begin: () => Promise<void>): Promise<void> => {
  try {
    await begin();
  } catch (error) {
    if (!(error instanceof CannotStart)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
};

/** Runs a command, which ends when its work is done; why it cannot be done is a sentence and 2. */
export const runCommand = async (work: () => Promise<void>): Promise<void> => {
  await startOrSay(work);
  process.exit();
};
