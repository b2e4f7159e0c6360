import type { Booking, BookingRequest } from '@ensemble/start/box-office';
import { operatorToken, type System } from '../system.ts';

/** A show with one section, for one story alone. */
export interface House {
  readonly showId: string;
  /** What somebody asks for. */
  wish(name: string, seats: readonly string[], card?: string): BookingRequest;
  /** Somebody asks for seats, and is heard. */
  books(name: string, seats: readonly string[], card?: string): Promise<Booking>;
  /** Where the mail of somebody goes. */
  addressOf(name: string): string;
  /** How each seat stands. */
  seats(): Promise<Record<string, string>>;
}

export const good = 'pm_card_visa';
export const bad = 'pm_card_visa_chargeDeclined';
/** What a seat costs. */
export const price = { amount: 4500, currency: 'EUR' };
const section = 'stalls';

/** How a house is described: seats `A-1` and on. */
export const description = (showId: string, seats = 10) => ({
  showId,
  title: `Król Lear: ${showId}`,
  venue: 'Teatr, Łódź',
  startsAt: '2027-03-01T19:30:00.000Z',
  section: { section, rows: [{ row: 'A', from: 1, to: seats }], price },
});

/** The first name, at the house. */
export const addressOf = (showId: string, name: string): string =>
  `${name.split(' ', 1)[0]?.toLowerCase()}@${showId}.example.org`;

/** Opens a house. */
export const openHouse = async (
  { gateway }: Pick<System, 'gateway'>,
  showId: string,
  size?: number,
): Promise<House> => {
  const { section: only, ...show } = description(showId, size);
  await gateway.openShow({ ...show, sections: [only] }, operatorToken);
  const wish: House['wish'] = (name, seats, card = good) => {
    const customer = { name, email: addressOf(showId, name) };
    return { showId, section, seats: [...seats], customer, card };
  };
  return {
    showId,
    addressOf: (name) => addressOf(showId, name),
    wish,
    books: (...asked) => gateway.book(wish(...asked)),
    seats: async () => {
      const view = await gateway.show(showId);
      const all = view.sections.flatMap(({ seats }) => seats);
      return Object.fromEntries(all.map(({ seat, state }) => [seat, state]));
    },
  };
};
