import type { TicketView } from './documents.ts';
import type { Stub } from './ticket.ts';

export { type Admit, admitting } from './admission.ts';
export { builtPage, doorPage } from './door-page.ts';
export { doorProblems } from './door-problem.ts';
export { doorRoutes } from './door-routes.ts';
export { ticketProblems, ticketRoutes } from './http.ts';
export { issueTicket } from './issue.ts';
export { loadSigningKey, makeSigningKey } from './keys.ts';
export { verifyTicket } from './verify.ts';

/** What the documents of a booking's ticket show, if it has one. */
export const documentsOf = ({
  order,
  issued,
  paid,
  refunded,
}: Stub): TicketView | 'revoked' | undefined => {
  if (order === null) return undefined;
  if (paid && refunded) return 'revoked';
  if (issued === null) return undefined;
  const { bookingId, show, section, customer } = order;
  const { ticketId, seats } = issued;
  return { bookingId, ticketId, customerName: customer.name, show, section, seats };
};
