import { wasRevoked } from '../told.ts';
import type { Amount, Formats } from '@ensemble/ui';
import type { BookingTexts } from './en.ts';

/** What is said of booking and of bookings, in German. */
export const de = ({ list, money, plural }: Formats): BookingTexts => {
  const seats = (count: number): string => plural(count, 'Platz', 'Plätze');
  const total = (amount: Amount | undefined): string =>
    amount === undefined ? 'Das Geld' : money(amount);

  const reasons: Readonly<Record<string, string>> = {
    insufficient_funds: 'Laut Ihrer Bank ist nicht genug Geld darauf.',
    expired_card: 'Sie ist abgelaufen.',
    incorrect_cvc: 'Ihre Prüfnummer war falsch.',
    lost_card: 'Ihre Bank nimmt sie nicht an.',
    stolen_card: 'Ihre Bank nimmt sie nicht an.',
    authentication_required: 'Ihre Bank verlangt eine Bestätigung, die hier nicht möglich ist.',
    processing_error: 'Ihre Bank konnte sie nicht belasten.',
  };
  const validUntilThen = ' Bis dahin gilt Ihr Ticket weiter.';

  return {
    headlines: {
      asked: 'Wir haben Ihre Anfrage',
      paying: 'Für Sie reserviert, die Zahlung läuft',
      'paying-late': 'Über die Zahlung wird noch entschieden',
      declined: 'Ihre Karte wurde abgelehnt',
      'time-up': 'Die Zeit für eine andere Karte ist um',
      paid: 'Bezahlt: Die Plätze gehören Ihnen',
      delayed: 'Bezahlt: Ihr Ticket verspätet sich',
      ticketed: 'Ihre Tickets',
      withdrawing: 'Wir haben Ihren Rücktritt',
      refunding: 'Ihr Geld ist auf dem Rückweg',
      owed: 'Wir schulden Ihnen Geld',
      refused: 'Diese Plätze waren schon vergeben',
      'failed-declined': 'Nicht gebucht: Keine Karte wurde rechtzeitig angenommen',
      'failed-away': 'Nicht gebucht: Die Zahlung war nicht möglich',
      'failed-withdrawn': 'Zurückgetreten',
      refunded: 'Zurückgetreten und erstattet',
    },
    leads: {
      asked: () =>
        'Noch ist nicht entschieden, ob Sie die Plätze bekommen. Das dauert einen Augenblick; ' +
        'Sie können die Seite schließen, wir schreiben Ihnen.',
      paying: () =>
        'Niemand sonst kann sie jetzt nehmen. Sie gehören Ihnen, sobald Ihre Karte belastet ist. ' +
        'Sie können die Seite schließen, wir schreiben Ihnen.',
      'paying-late': () =>
        'Die Reservierung ist abgelaufen, aber eine Zahlung, die vorher begann, zählt noch. ' +
        'Gleich wissen wir es.',
      declined: ({ reason = '' }) =>
        `${reasons[reason] ?? 'Ihre Bank nannte keinen Grund.'} Nichts wurde abgebucht. Die ` +
        'Plätze bleiben für Sie reserviert, während Sie eine andere Karte wählen.',
      'time-up': () => 'Wir beenden die Buchung. Nichts wurde abgebucht.',
      paid: () => 'Ihr Ticket wird gemacht. Sie können die Seite schließen, wir schreiben Ihnen.',
      delayed: () =>
        'Ihre Plätze sind sicher. Das Ticket kann gerade nicht gemacht werden; es kommt von ' +
        'selbst, hier und als Mail.',
      ticketed: ({ seats: { length } }) =>
        `Zeigen Sie am Einlass ${length === 1 ? 'diesen Code' : 'diese Codes'}, hier oder gedruckt.`,
      withdrawing: () =>
        'Wir beenden die Buchung. Eine Zahlung, die schon lief, wird abgebrochen oder erstattet.',
      refunding: ({ refundOwed, state }) =>
        `${total(refundOwed)} geht auf Ihre Karte zurück.${
          state === 'ticketed' ? validUntilThen : ''
        }`,
      owed: ({ refundOwed, state }) =>
        `Die Erstattung von ${total(refundOwed)} ist nicht gelungen. Wir versuchen es, bis sie ` +
        `gelingt; Sie müssen nichts tun.${state === 'ticketed' ? validUntilThen : ''}`,
      refused: ({ taken = [] }) =>
        taken.length === 0
          ? 'Sie haben keine Plätze, und nichts wurde abgebucht.'
          : `${list(taken)} ${taken.length === 1 ? 'war' : 'waren'} vergeben, als Ihre Anfrage ` +
            'kam. Sie haben keine Plätze, und nichts wurde abgebucht.',
      'failed-declined': () => 'Sie haben keine Plätze, und nichts wurde abgebucht.',
      'failed-away': () =>
        'Der Zahlungsdienst antwortete nicht rechtzeitig. Sie haben keine Plätze. Sollte doch ' +
        'etwas abgebucht werden, wird es erstattet.',
      'failed-withdrawn': () =>
        'Sie haben keine Plätze. Sollte doch noch etwas abgebucht werden, wird es erstattet.',
      refunded: ({ total: paid, history }) =>
        `${total(paid)} ging auf Ihre Karte zurück.` +
        (wasRevoked(history) ? ' Das Ticket gilt nicht mehr.' : ''),
    },
    says: {
      request: 'Anfrage angenommen',
      withdrawal: 'Rücktritt angenommen',
      'seats-awaited': 'Wir sehen nach, ob die Plätze frei sind',
      'seats-held': 'Plätze für Sie reserviert',
      'seats-taken': 'Plätze schon vergeben',
      'seats-releasing': 'Plätze werden freigegeben',
      'seats-released': 'Plätze freigegeben',
      'payment-next': 'Zahlung',
      'payment-awaited': 'Karte wird belastet',
      'payment-declined': 'Karte abgelehnt: bitte eine andere wählen',
      'payment-received': 'Bezahlt',
      'payment-failed': 'Keine Zahlung',
      'refund-awaited': 'Erstattung läuft',
      'refund-owed': 'Erstattung misslungen, wird wieder versucht',
      'refund-done': 'Erstattet',
      'ticket-next': 'Ticket',
      'ticket-awaited': 'Ticket wird gemacht',
      'ticket-delayed': 'Ticket verspätet sich, wird wieder versucht',
      'ticket-made': 'Ticket fertig',
      'ticket-revoked': 'Ticket gilt nicht mehr',
      'mail-next': 'Mail an Sie',
      'mail-awaited': 'Mail an Sie wird gesendet',
      'mail-sent': 'Mail an Sie gesendet',
      'mail-failed': 'Mail konnte nicht zugestellt werden',
    },
    hows: {
      done: 'Erledigt',
      now: 'Läuft',
      yours: 'Sie sind dran',
      next: 'Kommt noch',
      not: 'Nicht',
    },
    steps: 'Was geschehen ist und was noch kommt',
    facts: {
      title: 'Buchung',
      show: 'Vorstellung',
      venue: 'Ort',
      starts: 'Beginn',
      section: 'Bereich',
      seats: 'Plätze',
      total: 'Summe',
      reference: 'Buchungsnummer',
    },
    form: {
      name: 'Name',
      nameHint: 'So, wie er auf den Tickets stehen soll.',
      nameMissing: 'Bitte geben Sie einen Namen mit höchstens 120 Zeichen ein.',
      email: 'Mailadresse',
      emailHint: 'Dorthin werden Ihre Tickets gesendet.',
      emailMissing: 'Bitte geben Sie eine Mailadresse wie ada@example.org ein.',
      card: 'Karte',
      cardHint: 'Ein Laden zum Ausprobieren: Das sind Testkarten, kein Geld bewegt sich.',
      press: (count, amount) => `${seats(count)} für ${money(amount)} buchen`,
      sending: 'Wird gesendet …',
      promise:
        'Sie zahlen erst, wenn die Plätze für Sie reserviert sind. Danach können Sie noch ' +
        'zurücktreten.',
    },
    cards: {
      pm_card_visa: { name: 'Visa mit Endziffern 4242', does: 'wird angenommen' },
      pm_card_mastercard: { name: 'Mastercard mit Endziffern 4444', does: 'wird angenommen' },
      pm_card_visa_chargeDeclined: { name: 'Visa mit Endziffern 0002', does: 'wird abgelehnt' },
      pm_card_visa_chargeDeclinedInsufficientFunds: {
        name: 'Visa mit Endziffern 9995',
        does: 'hat kein Geld darauf',
      },
    },
    underway: {
      label: 'Ihre Anfrage',
      sending: 'Ihre Buchung wird gesendet …',
      nobody:
        'Es gibt keine Verbindung. Ihre Anfrage bleibt hier und wird einmal gesendet, sobald sie ' +
        'wieder da ist.',
      busy: 'Es ist sehr viel los. Ihre Anfrage bleibt hier und wird gleich noch einmal gesendet.',
      now: 'Jetzt senden',
      refused: 'Ihre Anfrage wurde nicht angenommen; nichts ist gebucht.',
      invalid: 'Im Formular stimmt etwas nicht. Nichts ist gebucht.',
      unknownPlace: 'Diese Plätze sind nicht mehr im Verkauf. Nichts ist gebucht.',
      read: 'Schließen',
    },
    card: {
      title: 'Andere Karte wählen',
      press: (amount) =>
        amount === undefined
          ? 'Mit dieser Karte zahlen'
          : `${money(amount)} mit dieser Karte zahlen`,
      refused: 'Die Buchung nimmt keine andere Karte mehr.',
    },
    hold: {
      left: 'Für Sie reserviert noch',
      over: 'Die Reservierung ist abgelaufen',
      spoken: (minutes) =>
        minutes === 0
          ? 'Die Reservierung ist abgelaufen.'
          : `Die Reservierung endet in ${plural(minutes, 'Minute', 'Minuten')}.`,
    },
    seats: {
      alternatives: 'Frei, als wir nachsahen',
      take: (some) => `Stattdessen ${list(some)} buchen`,
      see: (some) => `Stattdessen ${list(some)} wählen`,
      note: 'Sie sind erst reserviert, wenn Sie buchen. Name, Mailadresse und Karte wie zuvor.',
      none: 'Wir fanden in diesem Bereich keine anderen Plätze nebeneinander.',
      keep: (rest) => `${list(rest)} behalten und andere dazu wählen`,
      others: 'Andere Plätze wählen',
      again: 'Dieselben Plätze noch einmal versuchen',
      title: 'Andere Plätze oder dieselben',
    },
    tickets: {
      title: 'Tickets',
      awaited: 'Hier erscheint der Code, sobald der Platz bezahlt ist.',
      seat: (seat) => `Platz ${seat}`,
      code: (seat) => `QR-Code für den Einlass, Platz ${seat}`,
      typed: 'Code in Buchstaben',
      pdf: 'PDF',
      calendar: 'Kalendereintrag',
      print: 'Drucken',
      copy: 'Mail noch einmal senden',
      copied: 'Die Mail wird noch einmal gesendet.',
      notCopied: 'Es gibt keine Mail, die noch einmal gesendet werden könnte.',
    },
    link: {
      title: 'Auf jedem Gerät wiederkommen',
      says:
        'Dieser Link öffnet die Buchung überall. Wer ihn hat, kann sie sehen und von ihr ' +
        'zurücktreten: Behalten Sie ihn für sich.',
      label: 'Link zu dieser Buchung',
      copy: 'Link kopieren',
      copied: 'Kopiert',
    },
    withdrawal: {
      open: 'Von der Buchung zurücktreten …',
      title: 'Von der Buchung zurücktreten?',
      unpaid:
        'Wir wissen von keiner Abbuchung. Eine, die gerade läuft, wird abgebrochen oder, wenn sie ' +
        'zustande kam, erstattet.',
      paid: (amount) =>
        `${total(amount)} geht auf Ihre Karte zurück. Dann werden die Plätze freigegeben, und ` +
        'Ihre Tickets gelten nicht mehr. Das lässt sich nicht rückgängig machen.',
      press: 'Zurücktreten',
      keep: 'Buchung behalten',
      refused: 'Von der Buchung kann nicht mehr zurückgetreten werden.',
    },
    notYours: {
      title: 'Diese Buchung kann nicht gezeigt werden',
      says:
        'Der Link ist nicht vollständig oder nicht von uns. Öffnen Sie den ganzen Link, den Sie ' +
        'bei der Buchung bekamen, mit allem, was auf das # folgt.',
    },
    lost: 'Verbindung verloren. Was Sie sehen, kann veraltet sein; wir versuchen es weiter.',
    loading: 'Ihre Buchung wird gesucht …',
  };
};
