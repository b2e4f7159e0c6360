import { openGateway, prepareGateway } from './gateway.ts';
import type { Kit } from './kit.ts';
import { openMonitor } from './monitor.ts';
import type { App } from './names.ts';
import { openNotification } from './notification.ts';
import { openPayment } from './payment.ts';
import { openProvider } from './provider.ts';
import { openSeat } from './seat.ts';
import { openTicket, prepareTicket } from './ticket.ts';

/** Starts an app, by its name. */
export const openers: Readonly<Record<App, (kit: Kit) => Promise<void> | void>> = {
  provider: openProvider,
  seat: openSeat,
  payment: openPayment,
  ticket: openTicket,
  notification: openNotification,
  gateway: openGateway,
  monitor: openMonitor,
};

/**
 * Makes sure that an app goes on with the secrets that it began with. Asked of all apps of a
 * process before the first of them is started: what one hears may reach the outside world at once.
 */
export const preparations: Readonly<Partial<Record<App, (kit: Kit) => Promise<void>>>> = {
  ticket: prepareTicket,
  gateway: prepareGateway,
};
