import { setTimeout as pause } from 'node:timers/promises';
import type { Booking, BookingView } from './box-office.ts';
import type { Mode, PretendProvider } from './pretend-provider.ts';
import { until } from './until.ts';

/** A customer of the demo, with a booking. */
export interface Customer {
  readonly booking: Booking;
  readonly seats: readonly string[];
}

/** What stories are told with. */
export interface Teller {
  /** Somebody asks for seats: so many that are free, or these. */
  asks(name: string, seats: number | readonly string[], card?: string): Promise<Customer>;
  /** Tells something that happens. */
  tell(line: string): void;
  /** Tells what happened to a booking so far, and how it ended. */
  ends(customer: Customer, ...states: readonly BookingView['state'][]): Promise<BookingView>;
  /** Tells how the provider treats its callers from now on. */
  provider(mode: Mode, delayMs?: number): Promise<void>;
  readonly charges: PretendProvider['charges'];
}

/** A hold that ends within this time is waited for, in milliseconds. */
const worthWaitingMs = 20_000;
const good = 'pm_card_visa';
const declined = 'pm_card_visa_chargeDeclined';

const leftMs = ({ heldUntil }: BookingView): number => Date.parse(heldUntil ?? '') - Date.now();

/** What can happen to a booking, told by title. */
export const stories: Readonly<Record<string, (teller: Teller) => Promise<void>>> = {
  'All goes well': async ({ asks, ends }) => {
    await ends(await asks('Ada Żółć', 2), 'ticketed');
  },

  'A seat is taken': async ({ asks, ends, tell }) => {
    const ada = await asks('Ada', 1);
    await ada.booking.becomes('ticketed');
    const { alternatives = [] } = await ends(await asks('Bob', ada.seats), 'refused');
    tell(`free, and near: ${alternatives.map((seats) => seats.join(', ')).join(' or ')}`);
  },

  'The card is declined, and another one is good': async ({ asks, ends, tell }) => {
    const cleo = await asks('Cleo', 1, declined);
    await cleo.booking.becomes('declined');
    tell('Cleo gives another card, pm_card_mastercard');
    await cleo.booking.replaceCard('pm_card_mastercard');
    await ends(cleo, 'ticketed');
  },

  'The card is declined, and no other one is given': async ({ asks, ends, tell }) => {
    const dan = await asks('Dan', 1, declined);
    const ms = leftMs(await dan.booking.becomes('declined'));
    if (ms > worthWaitingMs) {
      tell(`the seat is his for ${Math.round(ms / 1_000)} s more; Dan does not wait and withdraws`);
      tell('(start with HOLD_SECONDS=5 to see the hold run out)');
      await dan.booking.withdraw();
    }
    await ends(dan, 'failed');
  },

  'The customer withdraws after it is paid': async ({ asks, ends, tell }) => {
    const eve = await asks('Eve', 1);
    await eve.booking.becomes('ticketed');
    tell('Eve has her ticket, and withdraws');
    await eve.booking.withdraw();
    await ends(eve, 'refunded');
  },

  'The provider is slow': async ({ asks, ends, provider }) => {
    await provider('slow', 1_000);
    const finn = await asks('Finn', 1);
    await ends(finn, 'ticketed', 'failed');
    await provider('normal');
  },

  'The provider is down, and comes back': async ({ asks, ends, tell, provider }) => {
    await provider('down');
    const gail = await asks('Gail', 1);
    const ms = leftMs(await gail.booking.becomes('reserved'));
    if (ms <= worthWaitingMs / 2) {
      tell('it does not come back until the hold is over by 10 s: that is the end of the booking');
      await until('the end', async () => (await gail.booking.view()).state === 'failed', 60_000);
      await provider('normal');
    } else {
      tell('it is tried again and again; nobody else is held up');
      await pause(2_000);
      await provider('normal');
    }
    await ends(gail, 'ticketed', 'failed');
  },

  'The provider charged, but its answer was lost': async ({ asks, ends, tell, ...more }) => {
    const hugo = await asks('Hugo', 1, declined);
    await hugo.booking.becomes('declined');
    await more.provider('lose-answer');
    tell('Hugo gives another card, pm_card_visa');
    await hugo.booking.replaceCard(good);
    const charged = async (): Promise<number> =>
      (await more.charges(hugo.booking.bookingId)).length;
    await until('the charge', async () => (await charged()) > 0);
    tell(`charged; payment has not heard of it, Hugo is ${(await hugo.booking.view()).state}`);
    await more.provider('normal');
    await ends(hugo, 'ticketed');
    tell(`charges: ${await charged()}`);
  },

  'A refund is refused at first': async ({ asks, ends, tell, provider }) => {
    const ida = await asks('Ida', 1);
    await ida.booking.becomes('ticketed');
    await provider('refuse-refunds');
    tell('Ida withdraws');
    await ida.booking.withdraw();
    const { state, refundOwed } = await ida.booking.hears('payment.refund-failed');
    const { amount = 0, currency = '' } = refundOwed ?? {};
    tell(`still ${state}, ${amount / 100} ${currency} are owed`);
    await provider('normal');
    await ends(ida, 'refunded');
  },
};
