import { idOf, type RunningOf } from '@ensemble/choreography';
import type { gateway } from '@ensemble/gateway';
import type { Json } from '@ensemble/store';
import type { Actor, Chance } from '@ensemble/testing/stage';
import { holdSeconds } from './cast.ts';
import { cards } from './pretend-bank.ts';
import { type Asked, asking, type Asking, type Answering } from './requests.ts';

type Command = Parameters<RunningOf<typeof gateway>['submit']>[0]['name'];

/** Everyone who books, and the operators. */
export interface Customers extends Pick<Asking, 'asked'> {
  /** Everyone has what they waited for, or has given up. */
  areDone(): boolean;
}

/** What a seat costs. */
export const price = { amount: 4500, currency: 'EUR' };
const show = { title: 'Hamlet', venue: 'Globe', startsAt: '2027-03-01T19:30:00.000Z' };
const rows = [
  { row: 'A', from: 1, to: 6 },
  { row: 'B', from: 1, to: 5 },
];
const sections = ['stalls', 'circle'] as const;
const showId = 'hamlet';

const bookingsAtLeast = 30;
/** Within this time everyone comes, and within this time after that everyone changes their mind. */
const comeWithinMs = 60_000;
const changeWithinMs = 75_000;

/**
 * Customers who book, repeat themselves, lose patience, try other cards, change their minds and
 * mislay letters.
 * @param desks the gateways that answer at this moment
 * @param hasLetter whether a booking can be seen to have come so far that there is one
 */
export const customers = (
  actor: Actor,
  chance: Chance,
  desks: () => readonly Answering[],
  hasLetter: (bookingId: string) => boolean,
): Customers => {
  const { asked, later, ask } = asking(actor, chance, desks);
  let busy = 0;

  const request = (
    name: Command,
    id: string,
    stream: string,
    section: string,
    data: Json,
  ): Asked => ({
    of: 'gateway',
    name,
    id,
    stream,
    key: `${showId}/${section}`,
    data,
    fingerprint: idOf(JSON.stringify(data)),
    answers: 0,
  });

  const open = async (section: string): Promise<void> => {
    await later(chance.below(15_000));
    const data = { showId, section, show, rows, price };
    const key = `${showId}/${section}`;
    const opening = request('open-section', idOf('open', section), key, section, data);
    await ask(opening, true);
    if (chance.happens(0.3)) await ask(opening, true);
  };

  const wanted = (): string[] => {
    const row = chance.pick(rows) ?? rows[0];
    const count = 1 + chance.below(3);
    const [name, size] = [row?.row ?? 'A', row?.to ?? 1];
    const first = 1 + chance.below(size - count + 1);
    return Array.from({ length: count }, (_, index) => `${name}-${first + index}`);
  };

  const book = async (customer: number): Promise<void> => {
    const section = chance.pick(sections);
    const bookingId = idOf('booking', customer);
    const place = { bookingId, showId, section };
    const card = chance.happens(0.65)
      ? cards.good
      : chance.happens(0.7)
        ? cards.declined
        : cards.unknown;
    const person = { name: `Ada ${customer}`, email: `ada${customer}@example.org` };
    const data = { ...place, show, seats: wanted(), customer: person, card };
    const booking = request('request-booking', bookingId, bookingId, section, data);

    await later(chance.below(comeWithinMs));
    if (!(await ask(booking, chance.happens(0.9)))) return;
    const also: Promise<unknown>[] = [];
    if (chance.happens(0.3)) also.push(later(chance.below(5_000)).then(() => ask(booking, true)));
    const cardsMore = card === cards.good ? 0 : chance.below(3);
    for (let n = 1; n <= cardsMore; n += 1) also.push(replaceCard(booking, place, n));
    if (chance.happens(0.35)) also.push(withdraw(booking, place));
    if (chance.happens(0.2)) also.push(askForCopies(booking, place));
    await Promise.all(also);
  };

  const replaceCard = async (
    { stream }: Asked,
    place: { bookingId: string; section: string },
    n: number,
  ): Promise<void> => {
    const card = chance.happens(0.6) ? cards.good : cards.declined;
    const atTheLastMoment = holdSeconds * 1000 - chance.below(1_500);
    await later(chance.happens(0.5) ? atTheLastMoment : chance.below(changeWithinMs));
    const id = idOf(stream, 'card', n);
    await ask(request('replace-card', id, stream, place.section, { ...place, showId, card }), true);
  };

  const askForCopies = async (
    { stream }: Asked,
    place: { bookingId: string; section: string },
  ): Promise<void> => {
    for (let n = 1; n <= 2; n += 1) {
      await later(chance.below(changeWithinMs));
      if (!hasLetter(place.bookingId)) continue;
      const id = idOf(stream, 'copy', n);
      const asking = request('request-copy', id, stream, place.section, { ...place, showId });
      await ask(asking, true);
      if (chance.happens(0.2)) await ask(asking, true);
    }
  };

  const withdraw = async (
    { stream }: Asked,
    place: { bookingId: string; section: string },
  ): Promise<void> => {
    await later(chance.happens(0.3) ? 0 : chance.below(changeWithinMs));
    const withdrawal = request(
      'withdraw-booking',
      idOf(stream, 'withdrawal'),
      stream,
      place.section,
      {
        ...place,
        showId,
      },
    );
    await ask(withdrawal, true);
    if (chance.happens(0.2)) await ask(withdrawal, true);
  };

  const play = (story: Promise<void>): void => {
    busy += 1;
    void story.finally(() => {
      busy -= 1;
    });
  };
  for (const section of sections) play(open(section));
  const bookings = bookingsAtLeast + chance.below(3);
  for (let customer = 1; customer <= bookings; customer += 1) play(book(customer));

  return { asked, areDone: () => busy === 0 };
};
