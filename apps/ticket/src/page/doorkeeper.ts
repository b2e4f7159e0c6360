import { Refused } from '@ensemble/ui/ask';
import { newKey } from '@ensemble/ui/new-key';
import type { Admission, AdmissionRequest } from '../admission.ts';
import { check, type Claims, type Keys } from './check.ts';
import {
  type Entry,
  entriesOn,
  type Kept,
  type Pending,
  settled,
  type Trouble,
  withEntries,
} from './keeping.ts';

type Admitted = readonly Omit<Entry, 'bookingId'>[];

/** Whether somebody is let in, and all that is to be said about it. */
export type Verdict =
  | { readonly kind: 'in'; readonly admission: Admission }
  /** By the signature alone: whether somebody came on it before is known of this door only. */
  | { readonly kind: 'unchecked'; readonly claims: Claims; readonly before: Admitted }
  | { readonly kind: 'again'; readonly about: About; readonly admitted: Admitted }
  | { readonly kind: 'revoked' | 'other-show'; readonly about: About }
  | { readonly kind: 'no-ticket' | 'unknown-ticket' | 'no-steward' }
  /** Neither asked nor checked. */
  | { readonly kind: 'cannot'; readonly why: string };

/** What a ticket is for, as far as it is known. */
export type About = Pick<Claims, 'section' | 'seats' | 'startsAt'> &
  Partial<Pick<Admission, 'show'>>;

/** What a door works with. */
export interface Door {
  /** Asks by `POST /admissions`, with an Idempotency-Key; ends when the signal does. @throws Refused */
  admit(key: string, body: AdmissionRequest, signal: AbortSignal): Promise<Admission>;
  /** What the keys were when they could be asked for. */
  keys(): Keys | undefined;
  kept(): Kept;
  keep(kept: Kept): void;
}

/** So long a door waits before it checks by itself, in milliseconds. */
const patienceMs = 4_000;

const isAway = (error: unknown): boolean =>
  (error instanceof Refused && (error.status === 0 || error.status >= 500)) ||
  (error instanceof DOMException && error.name === 'TimeoutError');

const post = (door: Door, key: string, body: AdmissionRequest): Promise<Admission> =>
  door.admit(key, body, AbortSignal.timeout(patienceMs));

type Particulars = Partial<About> & { readonly admitted?: Admitted };

/** What a problem of the server says beside its words. */
const aboutIn = ({ problem }: Refused): { about: About; admitted: Admitted } => {
  const { section = '', seats = [], startsAt = '', show, admitted = [] }: Particulars = problem;
  return { about: { section, seats, startsAt, ...(show && { show }) }, admitted };
};

const refusedAs = (refused: Refused): Verdict => {
  const { code } = refused;
  if (code === 'already-admitted') return { kind: 'again', ...aboutIn(refused) };
  if (code === 'revoked' || code === 'other-show') {
    return { kind: code, about: aboutIn(refused).about };
  }
  if (code === 'unknown-ticket') return { kind: code };
  if (code === 'stewards-only') return { kind: 'no-steward' };
  if (code === 'not-a-ticket' || refused.status === 400) return { kind: 'no-ticket' };
  return { kind: 'cannot', why: refused.message };
};

const entriesOf = (bookingId: string, admitted: Admitted): Entry[] =>
  admitted.map((each) => ({ bookingId, ...each }));

/** Decides without asking, and remembers it for later. */
const decideAlone = async (
  door: Door,
  code: string,
  key: string,
  now: number,
): Promise<Verdict> => {
  const keys = door.keys();
  if (keys === undefined) return { kind: 'cannot', why: '' };
  const claims = await check(code, keys).catch((error: unknown) =>
    error instanceof Error ? error : new Error(String(error)),
  );
  if (claims === undefined) return { kind: 'no-ticket' };
  if (claims instanceof Error) return { kind: 'cannot', why: claims.message };
  const before = entriesOn(door.kept(), claims);
  const seats = claims.seats.filter((seat) => !before.some((entry) => entry.seat === seat));
  if (seats.length === 0) return { kind: 'again', about: claims, admitted: before };
  const at = new Date(now).toISOString();
  const { bookingId, section } = claims;
  const fresh = seats.map((seat) => ({ bookingId, seat, at, by: '' }));
  const kept = withEntries(door.kept(), fresh);
  door.keep({ ...kept, pending: [...kept.pending, { key, code, at, seats, section }] });
  return { kind: 'unchecked', claims: { ...claims, seats }, before };
};

/** Somebody shows a code: asks whether to let in, or decides alone while nobody answers. */
export const present = async (door: Door, code: string): Promise<Verdict> => {
  const key = newKey();
  // Who was let in without asking came first: of a copy of the ticket the server must know that.
  await report(door);
  try {
    const admission = await post(door, key, { code });
    const { bookingId, seats, at, by, before } = admission;
    const admitted = [...seats.map((seat) => ({ seat, at, by })), ...before];
    door.keep(withEntries(door.kept(), entriesOf(bookingId, admitted)));
    return { kind: 'in', admission };
  } catch (error) {
    if (isAway(error)) return decideAlone(door, code, key, Date.now());
    if (error instanceof Refused) return refusedAs(error);
    throw error;
  }
};

const troubleOf = ({ key, seats, section, at }: Pending, refused: Refused): Trouble => ({
  key,
  seats,
  section,
  at,
  why: refused.code,
  admitted: aboutIn(refused).admitted,
});

/**
 * Tells of those who were let in without asking, one after the other, as far as somebody answers.
 * @returns whether all of them were told of
 */
export const report = async (door: Door): Promise<boolean> => {
  for (const pending of door.kept().pending) {
    const { key, code, at } = pending;
    try {
      await post(door, key, { code, at });
      door.keep(settled(door.kept(), pending));
    } catch (error) {
      const isOfTicket = error instanceof Refused && !isAway(error) && error.status !== 401;
      if (!isOfTicket || error.status === 429) return false;
      door.keep(settled(door.kept(), pending, troubleOf(pending, error)));
    }
  }
  return true;
};
