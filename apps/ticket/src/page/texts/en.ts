import type { Formats } from '@ensemble/ui';

/** A show, as the door is told of it. */
export interface Shown {
  readonly title: string;
  readonly venue: string;
}
/** An admission that turned out to be wrong. */
export interface Wrong {
  readonly seats: readonly string[];
  readonly section: string;
  readonly at: string;
  /** The problem's code. */
  readonly why: string;
}

/** All that the page says, in English; the other languages say the same. */
export const en = ({ plural, list, appointment, hourAndMinute }: Formats) => {
  const time = (at: string): string => hourAndMinute(Date.parse(at));
  const seatsOf = (seats: readonly string[]): string =>
    `${seats.length === 1 ? 'Seat' : 'Seats'} ${list(seats)}`;
  return {
    name: 'Ensemble',
    window: 'Door · Ensemble',
    title: 'Door',
    token: {
      why: 'Who stands at this door? It is asked once, and forgotten when this window is closed.',
      label: 'Token of the steward or gate',
      hint: 'Printed at the first start, or named by STEWARD_TOKENS.',
      fault: 'Type the token as it was given: no blanks, no accents.',
      use: 'Open the door',
      another: 'Use another token',
    },
    code: {
      label: 'Code of a ticket',
      hint: 'Scan it with a hand scanner, or type it and press Enter.',
      check: 'Check',
    },
    scanner: {
      start: 'Scan with the camera',
      stop: 'Stop the camera',
      picture: 'What the camera sees',
      none: 'This browser cannot read codes by the camera: type them, or use a hand scanner.',
      fault: (why: string) => `The camera cannot be used: ${why}.`,
    },
    asking: 'Checking …',
    nobody: 'Nobody has come yet.',
    seats: seatsOf,
    section: (section: string) => `Section ${section}`,
    show: (startsAt: string, show?: Shown) =>
      [...(show ? [show.title, show.venue] : []), appointment(Date.parse(startsAt))].join(' · '),
    cameIn: (seat: string, at: string, by: string) =>
      `${seat}: somebody came in at ${time(at)}, ${by === '' ? 'at this door' : `at ${by}`}.`,
    noKeys: 'The server does not answer, and this door has no key yet to check codes with.',
    verdicts: {
      in: { title: 'Let in', says: '' },
      unchecked: {
        title: 'Let in, not fully checked',
        says:
          'No connection: the signature is good. Whether somebody came in on it at another door, ' +
          'or the ticket was revoked, could not be asked. It will be told later.',
      },
      again: { title: 'Do not let in', says: 'Somebody came in on this ticket already.' },
      revoked: { title: 'Do not let in', says: 'The ticket was revoked: the money went back.' },
      'other-show': { title: 'Do not let in', says: 'The ticket is for another show.' },
      'no-ticket': {
        title: 'Do not let in',
        says: 'This is no ticket of ours: forged, damaged, or not read whole. Scan it again.',
      },
      'unknown-ticket': {
        title: 'Do not let in',
        says: 'It is signed, but nobody here knows the ticket. Send them to the box office.',
      },
      'no-steward': { title: 'Not checked', says: 'The token is of no steward.' },
      cannot: { title: 'Not checked', says: '' },
    },
    account: {
      title: 'This door',
      let: (n: number) => `${plural(n, 'seat')} known to be in.`,
      pending: (n: number) =>
        `${plural(n, 'admission')} made without a connection, to be told when it is back.`,
      troubles: 'Turned out to be wrong',
      trouble: ({ seats, section, at, why }: Wrong) => {
        const reasons: Readonly<Record<string, string>> = {
          'already-admitted': 'somebody had come in on it before',
          revoked: 'the ticket had been revoked',
        };
        const reason = reasons[why] ?? `it could not be told (${why})`;
        return `${seatsOf(seats)}, section ${section}, let in at ${time(at)}: ${reason}.`;
      },
      first: (seat: string, at: string, by: string) =>
        `First on ${seat}: at ${time(at)}, at ${by}.`,
      dismiss: 'Seen to',
    },
  };
};

/** What the page says. */
export type Texts = ReturnType<typeof en>;
