import type { Amount, Formats } from '@ensemble/ui';
import type { BookingView } from '../../../schemas.ts';
import { type Headline, type How, type Says, wasRevoked } from '../told.ts';

/** A reason that is given by its name, in words; one that has none is told as `other`. */
type Reasons = Readonly<Record<string, string>> & { readonly other: string };

/** What is said of booking and of bookings, in English; the other languages say the same. */
export const en = ({ list, money, plural }: Formats) => {
  const seats = (count: number): string => plural(count, 'seat');
  const total = (amount: Amount | undefined): string =>
    amount === undefined ? 'the money' : money(amount);

  const headlines: Readonly<Record<Headline, string>> = {
    asked: 'We have your request',
    paying: 'Held for you, payment under way',
    'paying-late': 'Payment is still being decided',
    declined: 'Your card was declined',
    'time-up': 'The time for another card is up',
    paid: 'Paid: the seats are yours',
    delayed: 'Paid: your ticket is late',
    ticketed: 'Your tickets',
    withdrawing: 'We have your withdrawal',
    refunding: 'Your money is on its way back',
    owed: 'We owe you money',
    refused: 'These seats were taken',
    'failed-declined': 'Not booked: no card was accepted in time',
    'failed-away': 'Not booked: the payment could not be made',
    'failed-withdrawn': 'Withdrawn',
    refunded: 'Withdrawn and refunded',
  };

  const leads: Readonly<Record<Headline, (booking: BookingView) => string>> = {
    asked: () =>
      'It is not decided yet whether you get the seats. That takes a moment; you may close this ' +
      'page, we will write to you.',
    paying: () =>
      'Nobody else can take them now. They are yours once your card is charged. You may close ' +
      'this page, we will write to you.',
    'paying-late': () =>
      'The hold has ended, but a payment that began before still counts. We will know shortly.',
    declined: ({ reason = '' }) =>
      `${reasons[reason] ?? reasons.other} Nothing was charged. The seats are held for you while ` +
      'you choose another card.',
    'time-up': () => 'We are ending the booking. Nothing was charged.',
    paid: () => 'Your ticket is being made. You may close this page, we will write to you.',
    delayed: () =>
      'Your seats are safe. The ticket cannot be made just now; it comes by itself, here and by ' +
      'mail.',
    ticketed: ({ seats: { length } }) =>
      `Show ${length === 1 ? 'this code' : 'these codes'} at the door, on this screen or printed.`,
    withdrawing: () =>
      'We are ending the booking. A payment that was already under way is cancelled or refunded.',
    refunding: ({ refundOwed, state }) =>
      `${total(refundOwed)} is going back to your card.${
        state === 'ticketed' ? ' Until it is there your ticket stays valid.' : ''
      }`,
    owed: ({ refundOwed, state }) =>
      `The refund of ${total(refundOwed)} did not go through. We try again until it does; you ` +
      `need do nothing.${state === 'ticketed' ? ' Until then your ticket stays valid.' : ''}`,
    refused: ({ taken = [] }) =>
      taken.length === 0
        ? 'You have no seats, and nothing was charged.'
        : `${list(taken)} ${taken.length === 1 ? 'was' : 'were'} gone when your request came. ` +
          'You have no seats, and nothing was charged.',
    'failed-declined': () => 'You have no seats, and nothing was charged.',
    'failed-away': () =>
      'The payment provider did not answer in time. You have no seats. Should a charge turn up ' +
      'all the same, it is refunded.',
    'failed-withdrawn': () =>
      'You have no seats. Should a charge turn up that was already under way, it is refunded.',
    refunded: ({ total: paid, history }) =>
      `${total(paid)} went back to your card.` +
      (wasRevoked(history) ? ' The ticket is not valid any more.' : ''),
  };

  const reasons: Reasons = {
    insufficient_funds: 'Your bank says that there is not enough money on it.',
    expired_card: 'It has expired.',
    incorrect_cvc: 'Its security code was wrong.',
    lost_card: 'Your bank does not accept it.',
    stolen_card: 'Your bank does not accept it.',
    authentication_required: 'Your bank wants you to confirm, which is not possible here.',
    processing_error: 'Your bank could not process it.',
    other: 'Your bank gave no reason.',
  };

  const says: Readonly<Record<Says, string>> = {
    request: 'Request taken in',
    withdrawal: 'Withdrawal taken in',
    'seats-awaited': 'Looking whether the seats are free',
    'seats-held': 'Seats held for you',
    'seats-taken': 'Seats already taken',
    'seats-releasing': 'Seats are being released',
    'seats-released': 'Seats released',
    'payment-next': 'Payment',
    'payment-awaited': 'Card is being charged',
    'payment-declined': 'Card declined: choose another',
    'payment-received': 'Paid',
    'payment-failed': 'No payment',
    'refund-awaited': 'Refund under way',
    'refund-owed': 'Refund failed, is tried again',
    'refund-done': 'Refunded',
    'ticket-next': 'Ticket',
    'ticket-awaited': 'Ticket is being made',
    'ticket-delayed': 'Ticket is late, is tried again',
    'ticket-made': 'Ticket ready',
    'ticket-revoked': 'Ticket no longer valid',
    'mail-next': 'Mail to you',
    'mail-awaited': 'Mail to you is being sent',
    'mail-sent': 'Mail sent to you',
    'mail-failed': 'Mail could not be delivered',
  };
  const hows: Readonly<Record<How, string>> = {
    done: 'Done',
    now: 'Under way',
    yours: 'Your turn',
    next: 'To come',
    not: 'Not',
  };

  return {
    headlines,
    leads,
    says,
    hows,
    steps: 'What has happened, and what is to come',
    facts: {
      title: 'Booking',
      show: 'Show',
      venue: 'Venue',
      starts: 'Starts',
      section: 'Section',
      seats: 'Seats',
      total: 'Total',
      reference: 'Reference',
    },
    form: {
      name: 'Name',
      nameHint: 'As it should be on the tickets.',
      nameMissing: 'Please enter a name, at most 120 characters.',
      email: 'Mail address',
      emailHint: 'Your tickets are sent there.',
      emailMissing: 'Please enter a mail address such as ada@example.org.',
      card: 'Card',
      cardHint: 'A shop to try out: these are test cards, no money moves.',
      press: (count: number, amount: Amount) => `Book ${seats(count)} for ${money(amount)}`,
      sending: 'Sending …',
      promise: 'You pay only once the seats are held for you. You can withdraw afterwards.',
    },
    cards: {
      pm_card_visa: { name: 'Visa ending in 4242', does: 'is accepted' },
      pm_card_mastercard: { name: 'Mastercard ending in 4444', does: 'is accepted' },
      pm_card_visa_chargeDeclined: { name: 'Visa ending in 0002', does: 'is declined' },
      pm_card_visa_chargeDeclinedInsufficientFunds: {
        name: 'Visa ending in 9995',
        does: 'has no money on it',
      },
    },
    underway: {
      label: 'Your request',
      sending: 'Your booking is being sent …',
      nobody:
        'There is no connection. Your request is kept here, and is sent once when it is back.',
      busy: 'We are very busy. Your request is kept here, and is sent again in a moment.',
      now: 'Send now',
      refused: 'Your request was not taken in; nothing was booked.',
      invalid: 'Something in the form is wrong. Nothing was booked.',
      unknownPlace: 'These seats are not on sale any more. Nothing was booked.',
      read: 'Close',
    },
    card: {
      title: 'Choose another card',
      press: (amount: Amount | undefined) =>
        amount === undefined ? 'Pay with this card' : `Pay ${money(amount)} with this card`,
      refused: 'The booking takes no other card any more.',
    },
    hold: {
      left: 'Held for you for',
      over: 'The hold has ended',
      spoken: (minutes: number) =>
        minutes === 0 ? 'The hold has ended.' : `The hold ends in ${plural(minutes, 'minute')}.`,
    },
    seats: {
      alternatives: 'Free when we looked',
      take: (some: readonly string[]) => `Book ${list(some)} instead`,
      see: (some: readonly string[]) => `Choose ${list(some)} instead`,
      note: 'These are not held for you until you book them. Same name, mail address and card.',
      none: 'We found no other seats side by side in this section.',
      keep: (rest: readonly string[]) => `Keep ${list(rest)} and choose others`,
      others: 'Choose other seats',
      again: 'Try the same seats again',
      title: 'Other seats, or the same',
    },
    tickets: {
      title: 'Tickets',
      awaited: 'The code comes here once the seat is paid for.',
      seat: (seat: string) => `Seat ${seat}`,
      code: (seat: string) => `QR code to be shown at the door for seat ${seat}`,
      typed: 'Code in letters',
      pdf: 'PDF',
      calendar: 'Calendar entry',
      print: 'Print',
      copy: 'Send the mail again',
      copied: 'The mail is being sent again.',
      notCopied: 'There is no mail to send again.',
    },
    link: {
      title: 'Come back on any device',
      says:
        'This link opens the booking anywhere. Whoever has it can see and withdraw the booking: ' +
        'keep it to yourself.',
      label: 'Link to this booking',
      copy: 'Copy the link',
      copied: 'Copied',
    },
    withdrawal: {
      open: 'Withdraw the booking …',
      title: 'Withdraw the booking?',
      unpaid:
        'We know of no charge so far. One that is under way is cancelled, or refunded if it was made.',
      paid: (amount: Amount | undefined) =>
        `${total(amount)} goes back to your card. Then the seats are released and your tickets ` +
        'are not valid any more. This cannot be undone.',
      press: 'Withdraw',
      keep: 'Keep the booking',
      refused: 'The booking cannot be withdrawn any more.',
    },
    notYours: {
      title: 'This booking cannot be shown',
      says:
        'The link is not complete, or not one of ours. Open the whole link that you were shown ' +
        'when you booked, with all that follows the #.',
    },
    lost: 'Connection lost. What you see may be old; we are trying again.',
    loading: 'Looking for your booking …',
  };
};

/** What every language has to say. */
export type BookingTexts = ReturnType<typeof en>;
