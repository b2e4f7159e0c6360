import { call } from './box-office.ts';

/** How the pretend provider can be told to treat its callers. */
export type Mode = 'normal' | 'slow' | 'down' | 'lose-answer' | 'refuse-refunds' | 'hold-refunds';

/** Money that the pretend provider has captured, in minor units. */
export interface Charge {
  readonly id: string;
  readonly amount_captured: number;
  readonly amount_refunded: number;
  readonly refunded: boolean;
  readonly metadata: { readonly bookingId?: string };
}

/** The levers of the pretend payment provider. */
export interface PretendProvider {
  /** @param delayMs how long `slow` keeps each request waiting */
  behave(mode: Mode, delayMs?: number): Promise<void>;
  /** The charges of a booking that were captured, refunded or not; without one, of all. */
  charges(bookingId?: string): Promise<Charge[]>;
}

/** The pretend provider at an address. */
export const pretendProvider = (url: string): PretendProvider => ({
  behave: async (mode, delayMs) => {
    const body = delayMs === undefined ? { mode } : { mode, delayMs };
    const { status } = await call('POST', `${url}/behaviour`, { body });
    if (status !== 200) throw new Error(`expected the provider to be ${mode}, found ${status}`);
  },
  charges: async (bookingId) => {
    const { body } = await call<{ charges: Charge[] }>('GET', `${url}/charges`);
    return body.charges.filter(
      ({ metadata }) => bookingId === undefined || metadata.bookingId === bookingId,
    );
  },
});
