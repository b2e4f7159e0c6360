import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type RunningOf, start } from '@ensemble/choreography';
import { appOf, CannotStart, portOf } from '@ensemble/host';
import { patience, underWay } from '@ensemble/host/edge';
import { ticket } from '@ensemble/ticket';
import {
  admitting,
  builtPage,
  documentsOf,
  doorPage,
  doorProblems,
  doorRoutes,
  issueTicket,
  loadSigningKey,
  makeSigningKey,
  ticketProblems,
  ticketRoutes,
} from '@ensemble/ticket/open';
import type { Kit } from './kit.ts';

/** How long the log and the store may take for somebody at the door, in milliseconds. */
const patienceMs = 3_000;

/**
 * Signs tickets, serves their documents, and lets in at the doors. While the key is away, tickets
 * wait for it.
 */
export const openTicket = async (kit: Kit): Promise<void> => {
  const { config, services, addresses, stewards, telemetry, clock, warn } = kit;
  const { HOST: host, TICKET_PORT: port, TICKET_KEY_FILE: keyFile } = config;

  const running = Promise.withResolvers<RunningOf<typeof ticket>>();
  const documents = ticketRoutes({
    keyFile,
    ticketOf: async (bookingId) => documentsOf(await (await running.promise).recall(bookingId)),
    onFailure: (error) => warn('a document of a ticket', error),
  });
  // Built while all else opens; who asks before waits.
  const page = builtPage();
  page.catch((error: unknown) => warn('building the page of the doors', error));
  const requests = underWay(clock);
  const door = doorRoutes({
    stewards: () => stewards,
    requests,
    admit: admitting({
      submit: async (request) => (await running.promise).submit(request),
      recall: async (bookingId) => (await running.promise).recall(bookingId),
      patient: patience(clock, patienceMs),
      keyFile,
      clock,
    }),
    onFailure: (error) => warn('letting somebody in', error),
  });
  const url = await services.serve(
    appOf([documents, door, doorPage(page)], { ...ticketProblems, ...doorProblems }),
    {
      host,
      port,
      variable: 'TICKET_PORT',
    },
  );
  telemetry?.serves('ticket', portOf(url));
  addresses.set('tickets', url);
  addresses.set('door', `${config.TICKET_PUBLIC_URL ?? url}/door`);
  const publicUrl = config.TICKET_PUBLIC_URL ?? url;
  const issue = issueTicket({ keyFile, publicUrl });
  const runtime = start(ticket, services.portsOf('ticket'), { issue });
  services.add({
    name: 'ticket',
    status: () => {
      const status = runtime.status();
      return { ...status, waitsFor: [...status.waitsFor, ...keyMissing(keyFile)] };
    },
    lag: () => runtime.lag(),
    stop: async (how) => {
      await requests.ended(how.drainMs);
      await runtime.stop(how);
    },
  });
  running.resolve(runtime);
};

/** What has to come before tickets can be signed. */
const keyMissing = (file: string): readonly string[] => {
  try {
    loadSigningKey(file);
    return [];
  } catch {
    return [`the key that signs tickets, in ${file}`];
  }
};

/**
 * Makes the key that signs tickets, once; another one could not sign what was sold.
 * @throws CannotStart if the key is not the one that tickets were always signed with
 */
export const prepareTicket = async ({ config, services, warn }: Kit): Promise<void> => {
  const { store } = services.portsOf('ticket');
  const { TICKET_KEY_FILE: file } = config;
  const [made] = await services.insist('store', () => store.known('signing-key'));
  // Only the data directory is made: another one that is missing is a mistyped one.
  if (made === undefined && !existsSync(dirname(file))) {
    throw new CannotStart(
      `expected the directory ${dirname(file)} for the key that signs tickets, found none: make ` +
        'it, or set TICKET_KEY_FILE to a file elsewhere',
    );
  }
  try {
    const { kid } = made === undefined ? await makeSigningKey(file) : loadSigningKey(file);
    const standing = await services.insist('store', () => store.once('signing-key', kid));
    if (standing !== kid) throw otherKey(file, standing, kid);
  } catch (error) {
    if (error instanceof CannotStart) throw error;
    warn(`the key that signs tickets, in ${file},`, error);
  }
};

const otherKey = (file: string, expected: string, found: string): CannotStart =>
  new CannotStart(
    `expected the key ${expected} to sign tickets with, found ${found} in ${file}: set ` +
      'TICKET_KEY_FILE to the key that this installation began with (or leave it out if none was ' +
      'given then); with another, the tickets and links that were sold would not be valid',
  );
