import type { Booking, BookingView } from '@ensemble/start/box-office';
import { until } from '@ensemble/start/until';
import type { ReadMail } from '@ensemble/testing/mail';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { System } from '../system.ts';
import type { House } from './house.ts';

/** What happened to a booking, without what happened to its seats afterwards. */
export const typesOf = ({ history }: BookingView): string[] =>
  history.map(({ type }) => type).filter((type) => !/^seat\.(sold|released)$/.test(type));

/** Which mails somebody got, as text. */
export const textsTo = (mails: readonly ReadMail[], address: string): string[] =>
  mails
    .filter(({ headers }) => headers['to']?.includes(`<${address}>`))
    .map(({ parts }) => parts['text/plain']?.toString() ?? '');

/** Each mail once: one may go twice when a process dies between sending it and its commit. */
export const distinct = (mails: readonly ReadMail[]): ReadMail[] => [
  ...new Map(mails.map((mail) => [mail.headers['message-id'], mail])).values(),
];

/** Resolves once a seat stands like this. */
export const seatIs = (house: House, seat: string, state: string): Promise<boolean> =>
  until(`seat ${seat} to be ${state}`, async () => (await house.seats())[seat] === state);

/** What the provider holds of a booking's money, in minor units. */
export const moneyHeld = async (
  { provider }: Pick<System, 'provider'>,
  { bookingId }: Pick<Booking, 'bookingId'>,
): Promise<number> =>
  (await provider.charges(bookingId)).reduce(
    (sum, { amount_captured, amount_refunded }) => sum + amount_captured - amount_refunded,
    0,
  );

/** The states that a live stream shows of a booking, up to the last one waited for. */
export const liveStates = async (
  gatewayUrl: string,
  { bookingId, token }: Booking,
  last: string,
): Promise<string[]> => {
  const { body } = await fetch(`${gatewayUrl}/api/bookings/${bookingId}/live`, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(20_000),
  });
  const states: string[] = [];
  if (body === null) return states;
  const events = body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  for await (const { data } of events) {
    const { state } = JSON.parse(data) as BookingView;
    states.push(state);
    if (state === last) break;
  }
  return states;
};
