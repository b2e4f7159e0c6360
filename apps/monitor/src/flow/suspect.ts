import type { Suspect } from '../views.ts';
import type { Booking } from './booking.ts';
import type { Duty } from './duties.ts';
import { clockTime, duration } from './words.ts';

/** How far a service is behind the log. */
export interface Lag {
  /** Records that wait for it. */
  readonly lag: number;
  /** Since when it has a lag and acknowledges nothing; null while it moves or has no lag. */
  readonly standsSince: number | null;
}
/** By service. */
export type Lags = ReadonlyMap<string, Lag>;

/** Why an answer is late, as far as can be told. */
export interface Suspicion {
  readonly suspect: Suspect;
  readonly evidence: string;
}

/** The facts without which the answer cannot be given. */
const needs = ({ promise, on }: Duty, { facts, section }: Booking) => [
  on,
  ...[...section, ...facts].filter(({ type }) => promise.given.includes(type)),
];

type Look = (duty: Duty, booking: Booking, lags: Lags, now: number) => Suspicion | undefined;

const deadLetter: Look = (duty, booking) => {
  const letter = booking.dead.find(({ service }) => service === duty.owner);
  return (
    letter && {
      suspect: 'dead letter',
      evidence: `${letter.type ?? 'A record'} is among the dead letters of ${duty.owner}: ${letter.reason}`,
    }
  );
};

const parked: Look = (duty, booking) => {
  const ids = new Set(needs(duty, booking).map(({ id }) => id));
  const sign = booking.signs.find(
    ({ service, kind, about }) => kind === 'parked' && service === duty.owner && ids.has(about),
  );
  return (
    sign && {
      suspect: 'parked',
      evidence: `${duty.owner} parked it at ${clockTime(sign.at)}: ${sign.reason}`,
    }
  );
};

const consumerGone: Look = ({ owner }, _booking, lags, now) => {
  const { lag = 0, standsSince = null } = lags.get(owner) ?? {};
  if (lag === 0 || standsSince === null) return undefined;
  return {
    suspect: 'consumer gone',
    evidence: `${lag} records wait for ${owner}, which has acknowledged nothing for ${duration(now - standsSince)}.`,
  };
};

const providerDown: Look = ({ owner }, { signs }) => {
  const sign = signs.findLast(
    ({ service, kind, reaches }) => kind === 'failed' && service === owner && reaches !== undefined,
  );
  if (sign === undefined) return undefined;
  const { reaches, at, reason } = sign;
  const evidence = `The ${reaches} did not do it at ${clockTime(at)}: ${reason}`;
  return { suspect: 'provider down', evidence };
};

const lag: Look = ({ owner }, _booking, lags) => {
  const behind = lags.get(owner)?.lag ?? 0;
  if (behind === 0) return undefined;
  return { suspect: 'lag', evidence: `${owner} is ${behind} records behind, and moving.` };
};

const reminder: Look = ({ owner, promise: { after }, on }) =>
  after === undefined
    ? undefined
    : {
        suspect: 'reminder not fired',
        evidence: `Nothing came of the moment ${on.fields[after]}, of which ${owner} was to be reminded.`,
      };

const looks: readonly Look[] = [deadLetter, parked, consumerGone, providerDown, lag, reminder];

/** Why a duty is overdue: the first thing that explains it. */
export const suspicionOf: (...given: Parameters<Look>) => Suspicion = (...given) => {
  for (const look of looks) {
    const found = look(...given);
    if (found !== undefined) return found;
  }
  const [{ owner }] = given;
  const evidence = `${owner} has heard everything, and nothing that failed is known.`;
  return { suspect: 'unknown', evidence };
};
