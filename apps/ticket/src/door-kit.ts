import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { idOf, start } from '@ensemble/choreography';
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
import { systemClock as clock } from '@ensemble/host';
import { patience, underWay } from '@ensemble/host/edge';
import { type Log, type LogRecord, memoryLog } from '@ensemble/log';
import { memoryStore, type Store } from '@ensemble/store';
import { noTelemetry } from '@ensemble/telemetry';
import express from 'express';
import { admitting } from './admission.ts';
import { doorRoutes } from './door-routes.ts';
import { issueTicket } from './issue.ts';
import { makeSigningKey } from './keys.ts';
import { ticket } from './ticket.ts';

/** An answer of a door. */
export interface DoorAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The body as JSON, whatever it is. */
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

/** What is sent to a door beside the body. */
export interface Sent {
  /** Which of the instances is asked; default: the first. */
  readonly door?: number;
  readonly token?: string;
  readonly key?: string;
}

/** Two instances of `ticket` on one log and one store, each with a door of its own. */
export interface DoorStage {
  readonly store: Store;
  readonly keyFile: string;
  readonly failures: readonly unknown[];
  /** Resolves to the ticket of a booking that was paid for. */
  sells(seats: readonly string[]): Promise<DataOf<'ticket.generated'>>;
  /** Says an event, the rest of its data as in its example. */
  says<Type extends EventType>(type: Type, data: Partial<DataOf<Type>>): Promise<void>;
  asks(body: unknown, sent?: Sent): Promise<DoorAnswer>;
  /** Resolves to the events of a type about a booking, once there are so many. */
  hears(type: EventType, of: string, count: number): Promise<AnyEvent[]>;
  end(): Promise<void>;
}

/** The tokens of the doors, by name. */
export const stewards = new Map([
  ['north-door', 'token-of-the-north-door'],
  ['south-door', 'token-of-the-south-door'],
]);

let saidInAll = 0;

const isEvent = (event: unknown): event is AnyEvent => event !== null;

const appending =
  (log: Log): DoorStage['says'] =>
  async (type, data) => {
    const { version, owner, schema, example } = events[type];
    saidInAll += 1;
    const whole = schema.parse({ ...example, ...data });
    const event: unknown = {
      id: `said-${saidInAll}`,
      type,
      source: sourceOf(owner),
      time: Date.now(),
      version,
      ...placeOf(whole),
      causationId: 'spec',
      sequence: saidInAll,
      data: whole,
    };
    if (!isEvent(event)) throw new Error('expected an event');
    const { value, ...message } = writeEvent(event);
    await log.append([{ ...message, value: Buffer.from(value) }]);
  };

export const doorStage = async (store: Store = memoryStore()): Promise<DoorStage> => {
  const folder = mkdtempSync(join(tmpdir(), 'door-'));
  const keyFile = join(folder, 'key.pem');
  await makeSigningKey(keyFile);
  const log = memoryLog();
  await log.declare(['booking', 'payment', 'ticket'].map((name) => ({ name })));
  const failures: unknown[] = [];
  const says = appending(log);

  const open = async () => {
    const issue = issueTicket({ keyFile, publicUrl: 'http://ticket.test' });
    const observe = (): void => undefined;
    const ports = { log, store, clock, random: Math.random, observe, telemetry: noTelemetry };
    const running = start(ticket, ports, { issue });
    const routes = doorRoutes({
      stewards: () => stewards,
      requests: underWay(clock),
      admit: admitting({ ...running, patient: patience(clock, 3_000), keyFile, clock }),
      onFailure: (error) => failures.push(error),
    });
    const server = createServer(express().use(routes)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const url = typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : '';
    const stop = async (): Promise<void> => {
      server.close();
      await running.stop({ drainMs: 100 });
    };
    return { url, stop };
  };
  const doors = [await open(), await open()];

  const hears: DoorStage['hears'] = (type, of, count) =>
    new Promise((resolve) => {
      const found = new Map<string, AnyEvent>();
      const take = (record: LogRecord): void => {
        const reading = readEvent(record);
        if (reading.kind !== 'event' || reading.event.correlationId !== of) return;
        if (reading.event.type === type) found.set(reading.event.id, reading.event);
      };
      const reader = log.read({
        topics: [events[type].noun],
        from: 'start',
        onRecords: (records) => {
          records.forEach(take);
          if (found.size < count) return;
          void reader.stop();
          resolve([...found.values()]);
        },
      });
    });

  return {
    store,
    keyFile,
    failures,
    says,
    hears,
    sells: async (seats) => {
      saidInAll += 1;
      const bookingId = idOf('booking', saidInAll);
      await says('booking.requested', { bookingId, seats: [...seats] });
      await says('payment.received', { bookingId });
      const [made] = await hears('ticket.generated', bookingId, 1);
      if (made?.type !== 'ticket.generated') throw new Error('expected a ticket');
      return made.data;
    },
    asks: async (body, { door = 0, token = stewards.get('north-door') ?? '', key } = {}) => {
      const response = await fetch(`${doors[door]?.url}/admissions`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${token}`,
          ...(key !== undefined && { 'idempotency-key': key }),
        },
        body: JSON.stringify(body),
      });
      return { status: response.status, headers: response.headers, body: await response.json() };
    },
    end: async () => {
      await Promise.all(doors.map(({ stop }) => stop()));
      rmSync(folder, { recursive: true });
    },
  };
};
