import type { Formats } from '@ensemble/ui';
import type { Texts } from './en.ts';

/** All that the page says, in German. */
export const de = ({ plural, list, appointment, hourAndMinute }: Formats): Texts => {
  const time = (at: string): string => hourAndMinute(Date.parse(at));
  const seatsOf = (seats: readonly string[]): string =>
    `${seats.length === 1 ? 'Platz' : 'Plätze'} ${list(seats)}`;
  return {
    name: 'Ensemble',
    window: 'Einlass · Ensemble',
    title: 'Einlass',
    token: {
      why: 'Wer steht an dieser Tür? Das wird einmal gefragt und vergessen, wenn das Fenster zugeht.',
      label: 'Schlüssel des Einlasses',
      hint: 'Er wurde beim ersten Start ausgegeben oder steht in STEWARD_TOKENS.',
      fault: 'Geben Sie ihn ein, wie er ist: ohne Leerzeichen, ohne Akzente.',
      use: 'Tür öffnen',
      another: 'Einen anderen Schlüssel nehmen',
    },
    code: {
      label: 'Code eines Tickets',
      hint: 'Mit dem Handscanner lesen, oder eintippen und Enter drücken.',
      check: 'Prüfen',
    },
    scanner: {
      start: 'Mit der Kamera lesen',
      stop: 'Kamera ausschalten',
      picture: 'Was die Kamera sieht',
      none: 'Dieser Browser liest keine Codes mit der Kamera: tippen, oder ein Handscanner.',
      fault: (why) => `Die Kamera lässt sich nicht nutzen: ${why}.`,
    },
    asking: 'Wird geprüft …',
    nobody: 'Noch ist niemand gekommen.',
    seats: seatsOf,
    section: (section) => `Bereich ${section}`,
    show: (startsAt, show) =>
      [...(show ? [show.title, show.venue] : []), appointment(Date.parse(startsAt))].join(' · '),
    cameIn: (seat, at, by) =>
      `${seat}: um ${time(at)} kam schon jemand herein, ${by === '' ? 'an dieser Tür' : `bei ${by}`}.`,
    noKeys: 'Der Server antwortet nicht, und diese Tür hat noch keinen Schlüssel zum Prüfen.',
    verdicts: {
      in: { title: 'Einlassen', says: '' },
      unchecked: {
        title: 'Einlassen, nicht ganz geprüft',
        says:
          'Keine Verbindung: Die Unterschrift stimmt. Ob damit schon jemand an einer anderen Tür ' +
          'hereinkam oder das Ticket widerrufen ist, ließ sich nicht fragen. Es wird nachgemeldet.',
      },
      again: { title: 'Nicht einlassen', says: 'Mit diesem Ticket kam schon jemand herein.' },
      revoked: {
        title: 'Nicht einlassen',
        says: 'Das Ticket ist widerrufen: Das Geld ging zurück.',
      },
      'other-show': {
        title: 'Nicht einlassen',
        says: 'Das Ticket gilt für eine andere Vorstellung.',
      },
      'no-ticket': {
        title: 'Nicht einlassen',
        says: 'Das ist keines unserer Tickets: gefälscht, beschädigt oder nicht ganz gelesen. Noch einmal lesen.',
      },
      'unknown-ticket': {
        title: 'Nicht einlassen',
        says: 'Es ist unterschrieben, aber hier kennt es niemand. Bitte an die Kasse schicken.',
      },
      'no-steward': { title: 'Nicht geprüft', says: 'Den Schlüssel hat kein Einlass.' },
      cannot: { title: 'Nicht geprüft', says: '' },
    },
    account: {
      title: 'Diese Tür',
      let: (n) => `${plural(n, 'Platz', 'Plätze')}, von denen bekannt ist, dass jemand da ist.`,
      pending: (n) =>
        `${plural(n, 'Einlass', 'Einlässe')} ohne Verbindung, zu melden, sobald sie wieder da ist.`,
      troubles: 'Stellte sich als falsch heraus',
      trouble: ({ seats, section, at, why }) => {
        const reasons: Readonly<Record<string, string>> = {
          'already-admitted': 'damit war schon jemand hereingekommen',
          revoked: 'das Ticket war widerrufen',
        };
        const reason = reasons[why] ?? `es ließ sich nicht melden (${why})`;
        return `${seatsOf(seats)}, Bereich ${section}, eingelassen um ${time(at)}: ${reason}.`;
      },
      first: (seat, at, by) => `Zuerst auf ${seat}: um ${time(at)}, bei ${by}.`,
      dismiss: 'Erledigt',
    },
  };
};
