import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pause } from '@ensemble/choreography';
import type { DataOf } from '@ensemble/contracts';
import { openGateway } from '@ensemble/gateway/open';
import { type Adapters, hostServices, openAdapters, readConfig, systemClock } from '@ensemble/host';
import { notification } from '@ensemble/notification';
import { correspondent } from '@ensemble/notification/open';
import { payment } from '@ensemble/payment';
import { stripeProvider } from '@ensemble/payment/stripe';
import { startProvider } from '@ensemble/provider';
import { seat } from '@ensemble/seat';
import { noTelemetry, type Telemetry } from '@ensemble/telemetry';
import { ticket } from '@ensemble/ticket';
import { issueTicket, makeSigningKey } from '@ensemble/ticket/open';

/** What is outside: functions of this process, or the pretend provider and mails as files. */
export type World = 'in-process' | 'real';

/** A booking as the bench asks for it. */
export type Wanted = Pick<DataOf<'booking.requested'>, 'showId' | 'section' | 'seats'>;

/** Something that makes tickets of bookings. */
export interface Maker {
  /** Resolves to the booking's id when it is taken. */
  request(wanted: Wanted, key: string): Promise<string>;
  open(
    showId: string,
    sections: number,
    rows: { row: string; from: number; to: number }[],
  ): Promise<void>;
  /** Calls the last one who asked with the id of each booking that has its ticket. */
  onTicket(hear: (bookingId: string) => void): void;
  close(): Promise<void>;
}

/** The system in this process, every commit durable, on a fresh directory. */
export interface House extends Maker {
  readonly url: string;
  /** Accepted bookings that await the answer of `seat`. */
  awaiting(): number;
}

/** Which of its apps are here. */
export type Share = 'all' | 'gateway' | 'services';

export interface HouseOptions {
  readonly world?: World;
  /** Where the log and the stores are, as the environment says it; embedded by default. */
  readonly where?: Readonly<Record<string, string>>;
  readonly share?: Share;
  /** In place of what the environment says. */
  readonly adapters?: Adapters;
  /** What its services tell of their work; by default nothing. */
  readonly telemetryOf?: (service: string) => Telemetry;
  /** More accepted bookings than these do not await the answer of `seat`. */
  readonly admit?: number;
}

const inProcess = {
  prepare: ({ bookingId }: { bookingId: string }) => Promise.resolve({ intent: `pi_${bookingId}` }),
  confirm: ({ intent }: { intent: string }) =>
    Promise.resolve({ outcome: 'paid' as const, receipt: intent, charge: `ch_${intent}` }),
  cancel: () => Promise.resolve({ outcome: 'cancelled' as const }),
  refund: () => Promise.resolve({ outcome: 'refunded' as const, receipt: 're' }),
};

export const openHouse = async ({
  world = 'in-process',
  where = {},
  share = 'all',
  adapters: given,
  telemetryOf = () => noTelemetry,
  admit = 1_000_000,
}: HouseOptions = {}): Promise<House> => {
  const dir = mkdtempSync(join(tmpdir(), 'ensemble-bench-'));
  const adapters =
    given ??
    (await openAdapters(
      { ...readConfig(where), ENSEMBLE_DATA: dir },
      { warn: (what) => console.error(what) },
    ));
  const services = hostServices({
    adapters,
    clock: systemClock,
    observe: () => undefined,
    telemetryOf,
  });
  const key = join(dir, 'key.pem');
  await makeSigningKey(key);
  const provider =
    world === 'real'
      ? await startProvider({ host: '127.0.0.1', port: 0, dataDir: dir })
      : undefined;

  const close = async (): Promise<void> => {
    await services.stop();
    await provider?.close();
    rmSync(dir, { recursive: true });
  };
  const runServices = (): void => {
    services.run(seat({ holdSeconds: 600 }), {});
    services.run(
      payment,
      provider === undefined
        ? inProcess
        : stripeProvider({ apiUrl: provider.url, apiKey: 'sk_test_bench', timeoutMs: 30_000 }),
    );
    services.run(ticket, { issue: issueTicket({ keyFile: key, publicUrl: 'http://127.0.0.1' }) });
    services.run(
      notification,
      world === 'real'
        ? correspondent({ dataDir: dir, from: 'Ensemble <tickets@example.org>' })
        : { mail: ({ facts }) => Promise.resolve({ outcome: 'sent', messageId: facts.bookingId }) },
    );
  };
  /** Measuring begins when all have what they are to hear from. */
  const ready = async (): Promise<void> => {
    while ([...services.status().values()].some(({ waitsFor }) => waitsFor.length > 0)) {
      await pause(systemClock, 50);
    }
  };
  services.started();
  if (share !== 'gateway') runServices();
  if (share === 'services') {
    await ready();
    return { ...nobodysHouse, close };
  }
  const gateway = await openGateway({
    ...services.portsOf('gateway'),
    config: { admit, rateLimitPerMinute: 0, operatorTokens: new Map() },
  });
  services.add({
    name: 'gateway',
    status: () => gateway.status(),
    stop: (how) => gateway.stop(how),
  });
  const anyPort = { host: '127.0.0.1', port: 0, variable: 'GATEWAY_PORT' };
  const url = await services.serve(gateway.app, anyPort);
  let hear: (bookingId: string) => void = () => undefined;
  const reader = services.log.read({
    topics: ['ticket'],
    from: 'end',
    onRecords: (records) => {
      for (const { headers } of records) {
        if (headers['ce_type'] === 'ticket.generated') hear(headers['ce_subject'] ?? '');
      }
    },
  });
  services.atEnd(() => reader.stop());
  await reader.caughtUp;
  await ready();

  return {
    url,
    awaiting: () => gateway.status().awaiting,
    request: async (wanted, idempotencyKey) => {
      const customer = { name: 'Ada Lovelace', email: 'ada@example.org' };
      const { bookingId } = await gateway.requestBooking(
        { ...wanted, customer, card: 'pm_card_visa' },
        { idempotencyKey },
      );
      return bookingId;
    },
    open: async (showId, sections, rows) => {
      const names = Array.from({ length: sections }, (_, n) => `s${n}`);
      const price = { amount: 4500, currency: 'EUR' };
      await gateway.openShow(
        {
          showId,
          title: 'Hamlet',
          venue: 'Globe',
          startsAt: '2030-03-01T19:30:00.000Z',
          sections: names.map((section) => ({ section, rows, price })),
        },
        { by: 'bench' },
      );
    },
    onTicket: (told) => (hear = told),
    close,
  };
};

/** Where nobody can ask for anything. */
const nobodysHouse = {
  url: '',
  awaiting: () => 0,
  request: () => Promise.reject(new Error('There is no gateway here.')),
  open: () => Promise.reject(new Error('There is no gateway here.')),
  onTicket: () => undefined,
};
