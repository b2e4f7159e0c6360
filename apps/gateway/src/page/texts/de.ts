import type { Formats } from '@ensemble/ui';
import type { Texts } from './en.ts';

/** All that the page says, in German. */
export const de = ({ plural, count }: Formats): Texts => ({
  name: 'Ensemble',
  window: (view) => `${view} · Ensemble`,
  places: { shows: 'Vorstellungen', operator: 'Kasse' },
  nothing: {
    title: 'Hier ist nichts',
    says: 'Keine Seite hat diese Adresse. Die Vorstellungen führen zu allen Plätzen im Verkauf.',
  },
  shows: {
    title: 'Vorstellungen',
    none: 'Im Augenblick ist nichts im Verkauf.',
    from: (price) => `ab ${price}`,
    choose: 'Plätze wählen',
  },
  show: {
    unknown: 'Diese Vorstellung gibt es nicht',
    others: 'Was im Verkauf ist',
    coming: 'Die Plätze kommen …',
    live: 'Live',
    notLive: 'Nicht live: die Verbindung ging verloren. Neuer Versuch …',
    sections: 'Bereiche',
    seats: 'Plätze',
    views: 'Wählen mit',
    map: 'Plan',
    list: 'Liste',
    free: (n) => `${count(n)} frei`,
    soldOut: 'Keiner frei',
  },
  map: {
    stage: 'Bühne',
    is: 'Saalplan',
    how: 'Saalplan. Pfeiltasten führen von Platz zu Platz, Eingabe wählt, Plus und Minus zoomen.',
    closer: 'Auf den Plan drücken zeigt einzelne Plätze.',
    zoom: 'Zoom',
    larger: 'Größer',
    smaller: 'Kleiner',
    whole: 'Alles',
  },
  seat: {
    place: (row, number) => `Reihe ${row}, Platz ${number}`,
    name: (row, number, price, state) =>
      `Reihe ${row}, Platz ${number}, ${price}, ` +
      { f: 'frei', h: 'vorgemerkt', s: 'verkauft' }[state],
    states: { f: 'frei', chosen: 'Ihre Wahl', h: 'für jemanden vorgemerkt', s: 'verkauft' },
  },
  list: {
    row: (row) => `Reihe ${row}`,
    free: (n) => `${count(n)} frei`,
  },
  best: {
    seats: 'Plätze',
    choose: 'Die besten wählen',
    tooFew: (n) => `Dieser Bereich hat keine ${plural(n, 'freien Platz', 'freien Plätze')} mehr.`,
    apart: (n) => `Nirgends sind ${count(n)} nebeneinander: diese liegen am nächsten beisammen.`,
  },
  choice: {
    lost: (seats, lost, kept) =>
      `${seats} ${lost === 1 ? 'ist' : 'sind'} nicht mehr frei: jemand war schneller.` +
      (kept === 0 ? '' : ' Der Rest Ihrer Wahl ist noch da.'),
    notFree: (seat) => `${seat}: nicht wählbar.`,
    tooMany: (most) => `Eine Buchung ist für höchstens ${count(most)} Plätze.`,
  },
  summary: {
    title: 'Ihre Wahl',
    none: 'Noch kein Platz. Drücken Sie freie Plätze im Plan, oder lassen Sie die besten wählen.',
    total: 'Summe',
    giveUp: (seat) => `${seat} aufgeben`,
    book: (n) => (n === 0 ? 'Buchen' : `${plural(n, 'Platz', 'Plätze')} buchen`),
  },
  checkout: {
    title: 'Wer bucht, und wie zahlen Sie?',
    back: 'Andere Plätze wählen',
  },
  booking: {
    title: 'Ihre Buchung',
  },
  operator: {
    title: 'Kasse',
    token: 'Kennwort der Kasse',
    tokenHint: 'Es stand da, als das System gestartet wurde. Mit diesem Fenster wird es vergessen.',
    enter: 'Eintreten',
    leave: 'Verlassen',
    refused: 'Dieses Kennwort hat niemand.',
    sales: {
      title: 'Verkauf',
      coming: 'Die Zahlen kommen …',
      section: 'Bereich',
      sold: 'Verkauft',
      held: 'Vorgemerkt',
      free: 'Frei',
      taken: 'Eingenommen',
      all: 'Alle',
    },
    open: 'Eine Vorstellung in den Verkauf geben',
    preview: 'So werden es die Kunden sehen',
    file: 'Aus einer Datei: JSON, wie die API es nimmt',
    typed: 'Lieber eintippen',
    wrong: {
      'not-json': 'Die Datei ist kein JSON.',
      'not-a-show': 'Die Datei ist keine Vorstellung: Titel und Bereiche mit Reihen fehlen.',
    },
    wrongAt: 'Was daran nicht stimmt',
    sell: 'In den Verkauf geben',
    opened: 'Im Verkauf:',
    form: {
      title: 'Titel',
      venue: 'Ort',
      startsAt: 'Beginn',
      currency: 'Währung',
      section: (n) => `Bereich ${count(n)}`,
      name: 'Name',
      price: 'Preis eines Platzes',
      rows: 'Reihen',
      seats: 'Plätze je Reihe',
      remove: 'Diesen Bereich entfernen',
      another: 'Noch ein Bereich',
    },
  },
});
