import type { Customer, DataOf, Money, ShowDescription } from '@ensemble/contracts';
import { type Block, type Letter, write } from './letter.ts';

/** What a message to the customer is about. */
export type Occasion = DataOf<'notification.sent'>['about'];

/** What is known of the booking whatever the occasion. Holds personal data. */
export type BookingFacts = {
  bookingId: string;
  customer: Customer;
  show: ShowDescription;
  section: string;
  seats: readonly string[];
};
/** What a letter is made of, by its occasion. */
export type FactsOf = {
  ticket: BookingFacts & { ticket: Pick<DataOf<'ticket.generated'>, 'code' | 'seats' | 'links'> };
  refused: BookingFacts & Pick<DataOf<'seat.refused'>, 'reason' | 'taken' | 'alternatives'>;
  failed: BookingFacts & Pick<DataOf<'payment.failed'>, 'reason'>;
  refunded: BookingFacts & Pick<DataOf<'payment.refunded'>, 'amount'>;
};

type Draft = { subject: string; blocks: readonly Block[] };

/** Tells the customer how the booking stands. Pure: the same facts make the same letter. */
export const letter = <O extends Occasion>(occasion: O, facts: FactsOf[O]): Letter => {
  const { subject, blocks } = drafts[occasion](facts);
  const { bookingId, customer, show, section, seats } = facts;
  return write({
    subject,
    blocks: [
      `Hello ${customer.name},`,
      ...blocks,
      {
        facts: {
          Show: show.title,
          Venue: show.venue,
          Starts: `${dateFormat.format(new Date(show.startsAt))} UTC`,
          Section: section,
          Seats: seats.join(', '),
          Booking: bookingId,
        },
      },
      'Ensemble',
    ],
  });
};

const drafts: { readonly [O in Occasion]: (facts: FactsOf[O]) => Draft } = {
  ticket: ({ show, seats, ticket: { code, links } }) => ({
    subject: `Your ${plural(seats, 'ticket', 'tickets')} for ${show.title}`,
    blocks: [
      `${plural(seats, 'Your seat is', 'Your seats are')} paid for. Show this code at the door:`,
      { code, alt: `QR code of the ${plural(seats, 'ticket', 'tickets')}` },
      { link: links.pdf, says: 'A PDF with a code for each seat, to print or to share' },
      { link: links.calendar, says: 'The show for your calendar' },
      'Whoever has this mail or these links can get in: share them with your company only.',
    ],
  }),
  refused: ({ show, reason, taken, alternatives }) => ({
    subject: `No seats for ${show.title}`,
    blocks: [
      `We are sorry: ${taken.join(', ')} ${refusals[reason](taken)}, so we hold no seats for you ` +
        'and nothing was charged.',
      alternatives.length > 0
        ? `When we looked, these were free in the same section: ${alternatives
            .map((proposal) => proposal.join(', '))
            .join('; or ')}. They are not held for you.`
        : 'We found no other seats side by side in the same section.',
    ],
  }),
  failed: ({ show, reason }) => ({
    subject: `Your booking for ${show.title} was not completed`,
    blocks: [failures[reason], 'The seats go back on sale; you have no ticket.'],
  }),
  refunded: ({ show, amount }) => ({
    subject: `Your money for ${show.title} goes back to you`,
    blocks: [
      `We have refunded ${inMoney(amount)} to the card you paid with. Your bank decides when you ` +
        'see it; a few days are usual.',
      'Tickets for this booking, if you have any, are no longer valid.',
    ],
  }),
};

const refusals: { readonly [R in FactsOf['refused']['reason']]: (taken: string[]) => string } = {
  taken: (taken) => plural(taken, 'is taken', 'are taken'),
  'no-such-seat': (taken) => plural(taken, 'does not exist', 'do not exist'),
};

const failures: { readonly [R in FactsOf['failed']['reason']]: string } = {
  declined: 'We are sorry: your card was declined, and no other card was given in time.',
  'provider-unavailable':
    'We are sorry: our payment provider did not answer in time. Should your card have been ' +
    'charged all the same, the money goes back to you without your doing anything.',
  withdrawn:
    'You withdrew the booking before it was paid. Should your card have been charged all the ' +
    'same, the money goes back to you without your doing anything.',
};

const plural = (all: readonly unknown[], one: string, many: string): string =>
  all.length === 1 ? one : many;

const dateFormat = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'full',
  timeStyle: 'short',
  timeZone: 'UTC',
});

/** An amount for people: `€90.00`, `¥9,000`. */
const inMoney = ({ amount, currency }: Money): string => {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** digits);
};
