import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataOf } from '@ensemble/contracts';
import { openGateway } from '@ensemble/gateway/open';
import { hostServices, openAdapters, systemClock } from '@ensemble/host';
import { notification } from '@ensemble/notification';
import { correspondent } from '@ensemble/notification/open';
import { payment } from '@ensemble/payment';
import { stripeProvider } from '@ensemble/payment/stripe';
import { startProvider } from '@ensemble/provider';
import { seat } from '@ensemble/seat';
import { ticket } from '@ensemble/ticket';
import { issueTicket, makeSigningKey } from '@ensemble/ticket/open';

/** What is outside: functions of this process, or the pretend provider and mails as files. */
export type World = 'in-process' | 'real';

/** A booking as the bench asks for it. */
export type Wanted = Pick<DataOf<'booking.requested'>, 'showId' | 'section' | 'seats'>;

/** The embedded system in this process, every commit durable, on a fresh directory. */
export interface House {
  readonly url: string;
  /** The gateway's own function. */
  request(wanted: Wanted, key: string): Promise<void>;
  open(
    showId: string,
    sections: number,
    rows: { row: string; from: number; to: number }[],
  ): Promise<void>;
  /** Called with the id of each booking that has its ticket. */
  onTicket(hear: (bookingId: string) => void): void;
  close(): Promise<void>;
}

const inProcess = {
  prepare: ({ bookingId }: { bookingId: string }) => Promise.resolve({ intent: `pi_${bookingId}` }),
  confirm: ({ intent }: { intent: string }) =>
    Promise.resolve({ outcome: 'paid' as const, receipt: intent, charge: `ch_${intent}` }),
  cancel: () => Promise.resolve({ outcome: 'cancelled' as const }),
  refund: () => Promise.resolve({ outcome: 'refunded' as const, receipt: 're' }),
};

export const openHouse = async (world: World): Promise<House> => {
  const dir = mkdtempSync(join(tmpdir(), 'ensemble-bench-'));
  const adapters = openAdapters({ ENSEMBLE_DATA: dir, PARTITIONS: 12 });
  const services = hostServices({ adapters, clock: systemClock, observe: () => undefined });
  const key = join(dir, 'key.pem');
  await makeSigningKey(key);
  const provider =
    world === 'real'
      ? await startProvider({ host: '127.0.0.1', port: 0, dataDir: dir })
      : undefined;

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
  const gateway = await openGateway({
    ...services.portsOf('gateway'),
    config: { admit: 1_000_000, rateLimitPerMinute: 0, operatorTokens: new Map() },
  });
  services.add({
    name: 'gateway',
    status: () => gateway.status(),
    stop: (how) => gateway.stop(how),
  });
  const where = { host: '127.0.0.1', port: 0, variable: 'GATEWAY_PORT' };
  const url = await services.serve(gateway.app, where);

  return {
    url,
    request: async (wanted, idempotencyKey) => {
      const customer = { name: 'Ada Lovelace', email: 'ada@example.org' };
      await gateway.requestBooking(
        { ...wanted, customer, card: 'pm_card_visa' },
        { idempotencyKey },
      );
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
    onTicket: (hear) => {
      services.log.read({
        topics: ['ticket'],
        from: 'end',
        onRecords: (records) => {
          for (const { headers } of records) {
            if (headers['ce_type'] === 'ticket.generated') hear(headers['ce_subject'] ?? '');
          }
        },
      });
    },
    close: async () => {
      await services.stop();
      await provider?.close();
      rmSync(dir, { recursive: true });
    },
  };
};

/** Whether there is room for a run of so many bookings. */
export const hasRoom = (bookings: number): boolean => {
  const { bavail, bsize } = statfsSync(tmpdir());
  return bavail * bsize > bookings * 100_000;
};
