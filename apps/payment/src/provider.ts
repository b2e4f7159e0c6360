import type { Money } from '@ensemble/contracts';

/** What is needed to make a payment. */
export interface PrepareArgs {
  readonly bookingId: string;
  readonly amount: Money;
}
/** What the provider calls the payment. */
export type Prepared = { intent: string };

/** One attempt to charge a card. */
export interface ConfirmArgs {
  readonly bookingId: string;
  readonly intent: string;
  /** Counts cards: 1, 2, 3, … */
  readonly attempt: number;
  readonly card: string;
  /** The charge declined last: another one that is read back belongs to this attempt. */
  readonly previousCharge: string | null;
}
/** What became of an attempt. A decline names the charge declined last on this payment. */
export type Confirmed =
  | { outcome: 'paid'; receipt: string; charge: string }
  | { outcome: 'declined'; reason: string; charge: string | null }
  | { outcome: 'cancelled' };

/** A payment to be ended; null if nobody heard what the provider calls it. */
export interface CancelArgs {
  readonly bookingId: string;
  readonly amount: Money;
  readonly intent: string | null;
}
/** Ended for good, or too late: the money had come. */
export type Cancelled =
  { outcome: 'cancelled' } | { outcome: 'paid'; intent: string; receipt: string; charge: string };

/** Money to be given back. */
export interface RefundArgs {
  readonly bookingId: string;
  readonly intent: string;
  /** Counts definite refusals: 1 before the first. */
  readonly attempt: number;
  readonly amount: Money;
}
/** Given back, or a definite no. */
export type Refunded =
  { outcome: 'refunded'; receipt: string } | { outcome: 'refused'; reason: string };

/** How often the same thing was tried before; its answers may have been lost. */
export interface Tried {
  readonly tries: number;
}

/**
 * Whoever moves the money. What is returned is definite and can be stored as JSON; whatever is not
 * definite throws {@link ProviderAway} and is to be tried again, with the same arguments.
 */
export interface PaymentProvider {
  /** Makes the payment; no money moves. The same booking gets the same payment. */
  prepare(args: PrepareArgs): Promise<Prepared>;
  /** Charges the card, once for each attempt. A payment that has ended is never charged. */
  confirm(args: ConfirmArgs, tried: Tried): Promise<Confirmed>;
  /** Makes sure that the payment can never be charged, or finds out that it was. */
  cancel(args: CancelArgs): Promise<Cancelled>;
  /**
   * Gives the money back, once, whatever the number of tries and attempts. While it is on its way
   * there is no outcome: it throws, and the next try finds out what became of it.
   */
  refund(args: RefundArgs, tried: Tried): Promise<Refunded>;
}

/** The provider did not answer, or not with an outcome: not now. */
export class ProviderAway extends Error {
  readonly code = 'provider-away';
  override readonly name = 'ProviderAway';
}
