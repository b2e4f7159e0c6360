import { existsSync } from 'node:fs';
import type { RunningOf } from '@ensemble/choreography';
import { appOf } from '@ensemble/host';
import { ticket } from '@ensemble/ticket';
import { documentsOf, issueTicket, makeSigningKey, ticketRoutes } from '@ensemble/ticket/open';
import type { Kit } from './kit.ts';

/**
 * Signs tickets and serves their documents. The key is made once: when it is taken away later,
 * tickets wait for it, for another one could not sign what was sold.
 */
export const openTicket = async (kit: Kit): Promise<void> => {
  const { config, services, addresses, warn } = kit;
  const { HOST: host, TICKET_PORT: port, TICKET_KEY_FILE: keyFile } = config;
  await makeKeyOnce(kit);

  const running = Promise.withResolvers<RunningOf<typeof ticket>>();
  const documents = ticketRoutes({
    keyFile,
    ticketOf: async (bookingId) => documentsOf(await (await running.promise).recall(bookingId)),
    onFailure: (error) => warn('a document of a ticket', error),
  });
  const url = await services.serve(appOf(documents), { host, port, variable: 'TICKET_PORT' });
  addresses.set('tickets', url);
  const publicUrl = config.TICKET_PUBLIC_URL ?? url;
  running.resolve(services.run(ticket, { issue: issueTicket({ keyFile, publicUrl }) }));
};

const makeKeyOnce = async ({ config, services, warn }: Kit): Promise<void> => {
  const { store } = services.portsOf('ticket');
  const { TICKET_KEY_FILE: file } = config;
  const [made] = await store.known('signing-key');
  if (made !== undefined && !existsSync(file)) return;
  try {
    const { kid } = await makeSigningKey(file);
    await store.once('signing-key', kid);
  } catch (error) {
    warn('the key that signs tickets', error);
  }
};
