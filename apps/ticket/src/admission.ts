import { randomUUID } from 'node:crypto';
import { type Clock, idOf, readSaid } from '@ensemble/choreography';
import { instant, type ShowDescription, slug } from '@ensemble/contracts';
import { type Patience, settlingOnce } from '@ensemble/host/edge';
import { requestIsOf } from '@ensemble/telemetry';
import { z } from 'zod';
import { verifyCode } from './code.ts';
import { DoorProblem } from './door-problem.ts';
import { KeyAway, loadSigningKey, type SigningKey } from './keys.ts';
import { type Admitted, isValid, type Stub, type Submit } from './ticket.ts';

/** What a door sends: the code of a seat, or that of a booking for all of its seats. */
export const admissionRequest = z.strictObject({
  code: z.string().min(1).max(2_000),
  /** When the door let them in by the signature alone, because it could not ask; not given: now. */
  at: instant.optional(),
  /** The only show for which this door lets in. */
  showId: slug.optional(),
});
export type AdmissionRequest = z.output<typeof admissionRequest>;

/** Where somebody wants to go in. */
interface Wanted {
  readonly bookingId: string;
  readonly showId: string;
  readonly section: string;
  readonly seats: readonly string[];
  /** A moment in UTC, ISO 8601. */
  readonly startsAt: string;
}

/** Who was let in: the seats, when and at which door. */
export interface Admission extends Wanted {
  readonly show: ShowDescription;
  readonly at: string;
  readonly by: string;
  readonly offline: boolean;
  /** Other seats of the code on which somebody was let in before. */
  readonly before: readonly Admitted[];
}

/** Who asks, and what comes with the request beside its body. */
export interface Steward {
  readonly by: string;
  /** The same again is the same request; without one each request is another. */
  readonly idempotencyKey: string | undefined;
  readonly traceparent: string | undefined;
}

/** Lets in whoever comes with a code, once. @throws DoorProblem, EdgeProblem */
export type Admit = (request: AdmissionRequest, steward: Steward) => Promise<Admission>;

/** A door that could not ask tells of it within a day. */
const offlineAtMostMs = 86_400_000;

const keyIn = (file: string): SigningKey => {
  try {
    return loadSigningKey(file);
  } catch (cause) {
    if (!(cause instanceof KeyAway)) throw cause;
    throw new DoorProblem('not-now', 'The key that tickets are checked with is away.', {
      retryAfter: 30,
      cause,
    });
  }
};

/** What a code says. @throws DoorProblem unless we signed it */
const wantedBy = (code: string, keyFile: string): Wanted => {
  const verdict = verifyCode(code.trim(), [keyIn(keyFile).publicKey]);
  if (!verdict.ok) {
    throw new DoorProblem('not-a-ticket', `The code is no ticket of ours: ${verdict.reason}.`);
  }
  const { b: bookingId, p: showId, c: section, s, n: startsAt } = verdict.payload;
  return { bookingId, showId, section, seats: typeof s === 'string' ? [s] : s, startsAt };
};

/** A moment that a door gives, never after now. @throws DoorProblem if it is too long ago */
const bounded = (at: string | undefined, now: number): string | null => {
  if (at === undefined) return null;
  const given = Date.parse(at);
  if (now - given <= offlineAtMostMs) return new Date(Math.min(given, now)).toISOString();
  const detail = 'expected a moment of the last 24 hours';
  throw new DoorProblem('invalid', `It was too long ago.`, {
    errors: [{ pointer: '/at', detail }],
  });
};

/** What admissions are made with. */
export interface Gate {
  readonly submit: Submit;
  /** The ticket of a booking, freshly read. */
  readonly recall: (bookingId: string) => Promise<Stub>;
  readonly patient: Patience;
  readonly keyFile: string;
  readonly clock: Clock;
}

/** Why nobody is let in, by what is known of the ticket. */
const refusal = (stub: Stub, wanted: Wanted): DoorProblem => {
  if (stub.issued === null) {
    return new DoorProblem('unknown-ticket', 'It is signed, but no such ticket was made here.');
  }
  const admitted = stub.admitted.filter(({ seat }) => wanted.seats.includes(seat));
  const more = { ...wanted, show: stub.order?.show, admitted };
  if (!isValid(stub)) {
    return new DoorProblem('revoked', 'The money went back: the ticket is not valid.', { more });
  }
  const [first] = admitted;
  const detail = `Somebody was let in on it at ${first?.at}, at ${first?.by}.`;
  return new DoorProblem('already-admitted', detail, { more });
};

export const admitting = ({ submit, recall, patient, keyFile, clock }: Gate): Admit => {
  const settle = settlingOnce(submit, patient);
  return async ({ code, at, showId: only }, { by, idempotencyKey, traceparent }) => {
    const wanted = wantedBy(code, keyFile);
    const { bookingId, showId, section, seats } = wanted;
    requestIsOf(bookingId);
    if (only !== undefined && only !== showId) {
      throw new DoorProblem('other-show', `It is for ${showId}.`, { more: { ...wanted } });
    }
    const said = await settle({
      name: 'admit',
      id: idOf('admit', bookingId, idempotencyKey ?? randomUUID()),
      stream: bookingId,
      key: `${showId}/${section}`,
      data: { bookingId, showId, section, seats: [...seats], by, at: bounded(at, clock.now()) },
      fingerprint: idOf(by, code),
      traceparent,
    });
    const stub = await patient(() => recall(bookingId));
    const [admission] = said.map(readSaid);
    if (admission?.type !== 'ticket.admitted' || stub.order === null) throw refusal(stub, wanted);
    const { seats: now, ...how } = admission.data;
    const before = stub.admitted.filter(({ seat }) => seats.includes(seat) && !now.includes(seat));
    const { at: when, offline } = how;
    return { ...wanted, show: stub.order.show, seats: now, at: when, by: how.by, offline, before };
  };
};
