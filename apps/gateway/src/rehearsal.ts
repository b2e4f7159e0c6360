import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Clock, Observe } from '@ensemble/choreography';
import {
  type AnyEvent,
  type DataOf,
  events,
  type EventType,
  placeOf,
  readEvent,
  sourceOf,
  writeEvent,
} from '@ensemble/contracts';
import { type Log, type LogRecord, memoryLog } from '@ensemble/log';
import { memoryStore, type Store } from '@ensemble/store';
import { noTelemetry } from '@ensemble/telemetry';
import { type Gateway, type GatewayConfig, openGateway } from './open.ts';

/** The time of this machine. */
export const wallClock: Clock = {
  now: Date.now,
  after: (ms, task) => {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};

/** Time that passes when it is told to. */
export const handClock = (): Clock & { advance(ms: number): void } => {
  let now = Date.now();
  const tasks = new Set<{ readonly at: number; readonly task: () => void }>();
  return {
    now: () => now,
    after: (ms, task) => {
      const entry = { at: now + ms, task };
      tasks.add(entry);
      return () => void tasks.delete(entry);
    },
    advance: (ms) => {
      now += ms;
      for (const entry of tasks) {
        if (entry.at <= now && tasks.delete(entry)) entry.task();
      }
    },
  };
};

/** An answer over HTTP, with its body read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON, whatever it is. */
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

/** A request over HTTP; with `json` it is a POST of it. */
export type Asking = Omit<RequestInit, 'headers'> & {
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
};

/** A gateway that is listened to, over a log on which the specs say what other services would. */
export interface Rehearsal {
  readonly gateway: Gateway;
  readonly log: Log;
  readonly store: Store;
  readonly url: string;
  /** What the gateway observed. */
  readonly happened: readonly string[];
  ask(path: string, options?: Asking): Promise<Answer>;
  /** A POST of a booking. */
  book(key: string, json?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Every event there is on a topic. */
  published(topic: string): Promise<AnyEvent[]>;
  /** Appends an event, the rest of their data as in the examples of the contracts. */
  says<Type extends EventType>(type: Type, data?: Partial<DataOf<Type>>): Promise<AnyEvent>;
  end(): Promise<void>;
}

/** Everything a rehearsal can be given; the defaults are made new. */
export interface RehearsalOptions {
  readonly log?: Log;
  readonly store?: Store;
  readonly clock?: Clock;
  readonly config?: Partial<GatewayConfig>;
}

const config: GatewayConfig = {
  admit: 1_000,
  rateLimitPerMinute: 0,
  operatorTokens: new Map([['operator-token-of-grace', 'grace']]),
};

let saidInAll = 0;

/** An event as its owner would say it, numbered in the order of the calls. */
export const eventOf = <Type extends EventType>(
  type: Type,
  data: Partial<DataOf<Type>> = {},
  more: Partial<AnyEvent> = {},
): AnyEvent => {
  saidInAll += 1;
  const definition = events[type];
  const whole: Record<string, unknown> = { ...definition.example, ...data };
  const event: unknown = {
    id: `said-${saidInAll}`,
    type,
    source: sourceOf(definition.owner),
    time: Date.now(),
    version: definition.version,
    ...placeOf(definition.schema.parse(whole)),
    causationId: 'rehearsal',
    sequence: saidInAll,
    data: whole,
    ...more,
  };
  return asEvent(event);
};
const isEvent = (event: unknown): event is AnyEvent => event !== null;
const asEvent = (event: unknown): AnyEvent => {
  if (isEvent(event)) return event;
  throw new Error('not an event');
};

const listen = async (server: Server): Promise<string> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
};

export const rehearse = async (options: RehearsalOptions = {}): Promise<Rehearsal> => {
  const { log = memoryLog(), store = memoryStore(), clock = wallClock } = options;
  const happened: string[] = [];
  const observe: Observe = (happening, { what, error }) => {
    happened.push(`${happening} ${what}${error instanceof Error ? `: ${error.message}` : ''}`);
  };
  const gateway = await openGateway({
    log,
    store,
    clock,
    random: Math.random,
    observe,
    telemetry: noTelemetry,
    config: { ...config, ...options.config },
  });
  const server = createServer(gateway.app);
  const url = await listen(server);
  const ask: Rehearsal['ask'] = async (path, { json, ...init } = {}) => {
    const sent =
      json === undefined
        ? init
        : {
            method: 'POST',
            body: JSON.stringify(json),
            ...init,
            headers: { 'Content-Type': 'application/json', ...init.headers },
          };
    const response = await fetch(`${url}${path}`, { redirect: 'manual', ...sent });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text !== '' ? JSON.parse(text) : undefined,
    };
  };
  return {
    gateway,
    log,
    store,
    url,
    happened,
    ask,
    book: (key, json = adas, headers = {}) =>
      ask('/api/bookings', { json, headers: { 'Idempotency-Key': key, ...headers } }),
    published: async (topic) => {
      const records: LogRecord[] = [];
      const reader = log.read({
        topics: [topic],
        from: 'start',
        onRecords: (batch) => void records.push(...batch),
      });
      await reader.caughtUp;
      await reader.stop();
      return records.flatMap((record) => {
        const reading = readEvent(record);
        return reading.kind === 'event' ? [reading.event] : [];
      });
    },
    says: async (type, data) => {
      const event = eventOf(type, data);
      const { value, ...message } = writeEvent(event);
      await log.append([{ ...message, value: Buffer.from(value) }]);
      return event;
    },
    end: async () => {
      await gateway.stop({ drainMs: 100 });
      server.close();
      server.closeAllConnections();
    },
  };
};

/** Asks until the answer pleases; the last one if it never does within `limitMs`. */
export const until = async <Result>(
  ask: () => Promise<Result> | Result,
  pleases: (result: Result) => boolean,
  limitMs = 4_000,
): Promise<Result> => {
  const end = Date.now() + limitMs;
  for (;;) {
    const result = await ask();
    if (pleases(result) || Date.now() > end) return result;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

/** A show with two sections, as its operator describes it. */
export const hamlet = {
  showId: 'hamlet',
  title: 'Hamlet',
  venue: 'Globe',
  startsAt: '2027-03-01T19:30:00.000Z',
  sections: [
    {
      section: 'stalls',
      rows: [
        { row: 'A', from: 1, to: 20 },
        { row: 'B', from: 1, to: 20 },
      ],
      price: { amount: 4500, currency: 'EUR' },
    },
    {
      section: 'balcony',
      rows: [{ row: 'C', from: 1, to: 4 }],
      price: { amount: 2000, currency: 'EUR' },
    },
  ],
};

/** The headers of who has a token. */
export const bearing = (token: string) => ({ Authorization: `Bearer ${token}` });

/** What Ada asks for. */
export const adas = {
  showId: 'hamlet',
  section: 'stalls',
  seats: ['A-12', 'A-13'],
  customer: { name: 'Ada Żółć', email: 'ada@example.org' },
  card: 'pm_card_visa',
};
