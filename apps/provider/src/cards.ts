/** Why a bank says no to a card, in Stripe's words. */
export interface Decline {
  readonly code: string;
  readonly decline_code: string;
  readonly message: string;
  /** Whether a failed charge is kept; a card that wants its owner's consent gets none. */
  readonly charged: boolean;
}

const decline = (code: string, declineCode: string, message: string, charged = true): Decline => ({
  code,
  decline_code: declineCode,
  message,
  charged,
});

const consent = decline(
  'authentication_required',
  'authentication_required',
  'This payment required an authentication action to complete.',
  false,
);

const declines: ReadonlyMap<string, Decline> = new Map([
  ['chargeDeclined', decline('card_declined', 'generic_decline', 'Your card was declined.')],
  [
    'chargeDeclinedInsufficientFunds',
    decline('card_declined', 'insufficient_funds', 'Your card has insufficient funds.'),
  ],
  ['chargeDeclinedLostCard', decline('card_declined', 'lost_card', 'Your card was declined.')],
  ['chargeDeclinedStolenCard', decline('card_declined', 'stolen_card', 'Your card was declined.')],
  [
    'chargeDeclinedVelocityLimitExceeded',
    decline('card_declined', 'card_velocity_exceeded', 'Your card was declined.'),
  ],
  ['chargeDeclinedExpiredCard', decline('expired_card', 'expired_card', 'Your card has expired.')],
  [
    'chargeDeclinedIncorrectCvc',
    decline('incorrect_cvc', 'incorrect_cvc', "Your card's security code is incorrect."),
  ],
  [
    'chargeDeclinedProcessingError',
    decline(
      'processing_error',
      'processing_error',
      'An error occurred while processing your card. Try again in a little bit.',
    ),
  ],
  ['authenticationRequired', consent],
  ['threeDSecure2Required', consent],
]);

const good = new Set(
  [
    'visa visa_debit mastercard mastercard_debit mastercard_prepaid amex discover diners jcb',
    'unionpay us de fr gb pl',
  ].flatMap((names) => names.split(' ')),
);

/**
 * What the bank says to one of Stripe's test cards.
 * @param card a payment method, with or without its brand: `pm_card_visa_chargeDeclined`
 * @returns the reason of a decline, 'approved', or undefined when there is no such card
 */
export const verdictOn = (card: string): 'approved' | Decline | undefined => {
  const name = /^pm_card_(.+)$/.exec(card)?.[1];
  if (name === undefined) return undefined;
  return good.has(name) ? 'approved' : declines.get(name.replace(/^visa_/, ''));
};
