import { openGateway } from './gateway.ts';
import type { Kit } from './kit.ts';
import { openMonitor } from './monitor.ts';
import type { App } from './names.ts';
import { openNotification } from './notification.ts';
import { openPayment } from './payment.ts';
import { openProvider } from './provider.ts';
import { openSeat } from './seat.ts';
import { openTicket } from './ticket.ts';

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
