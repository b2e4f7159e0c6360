import type { Formats } from '@ensemble/ui';

/** All that the page says, in English; the other languages say the same. */
export const en = ({ plural, count }: Formats) => ({
  name: 'Ensemble',
  /** The name of a window on a view. */
  window: (view: string) => `${view} · Ensemble`,
  places: { shows: 'Shows', operator: 'Box office' },
  nothing: {
    title: 'Nothing here',
    says: 'No page has this address. The shows lead to all seats that are on sale.',
  },
  shows: {
    title: 'Shows',
    none: 'Nothing is on sale at this moment.',
    from: (price: string) => `from ${price}`,
    choose: 'Choose seats',
  },
  show: {
    unknown: 'There is no such show',
    others: 'See what is on sale',
    coming: 'The seats are coming …',
    live: 'Live',
    notLive: 'Not live: the connection was lost. Trying again …',
    sections: 'Sections',
    seats: 'Seats',
    views: 'Choose by',
    map: 'Map',
    list: 'List',
    free: (n: number) => `${count(n)} free`,
    soldOut: 'None free',
  },
  map: {
    stage: 'Stage',
    is: 'seat map',
    how: 'Seat map. Arrow keys lead from seat to seat, Enter chooses, plus and minus zoom.',
    closer: 'Press the map to see single seats.',
    zoom: 'Zoom',
    larger: 'Larger',
    smaller: 'Smaller',
    whole: 'All',
  },
  seat: {
    place: (row: string, number: number) => `Row ${row}, seat ${number}`,
    name: (row: string, number: number, price: string, state: 'f' | 'h' | 's') =>
      `Row ${row}, seat ${number}, ${price}, ${{ f: 'free', h: 'held', s: 'sold' }[state]}`,
    states: { f: 'free', chosen: 'your choice', h: 'held by somebody', s: 'sold' },
  },
  list: {
    row: (row: string) => `Row ${row}`,
    free: (n: number) => `${count(n)} free`,
  },
  best: {
    seats: 'Seats',
    choose: 'Choose the best',
    tooFew: (n: number) => `This section has no ${plural(n, 'free seat')} any more.`,
    apart: (n: number) =>
      `Nowhere are ${count(n)} side by side: these are the nearest to each other.`,
  },
  choice: {
    lost: (seats: string, lost: number, kept: number) =>
      `${seats} ${lost === 1 ? 'is' : 'are'} no longer free: somebody was quicker.` +
      (kept === 0 ? '' : ` The rest of your choice is still there.`),
    notFree: (seat: string) => `${seat}: it cannot be chosen.`,
    tooMany: (most: number) => `One booking is for at most ${count(most)} seats.`,
  },
  summary: {
    title: 'Your choice',
    none: 'No seat yet. Press free seats on the map, or have the best chosen.',
    total: 'Total',
    giveUp: (seat: string) => `Give up ${seat}`,
    book: (n: number) => (n === 0 ? 'Book' : `Book ${plural(n, 'seat')}`),
  },
  checkout: {
    title: 'Who books, and how do you pay?',
    back: 'Choose other seats',
  },
  booking: {
    title: 'Your booking',
  },
  operator: {
    title: 'Box office',
    token: 'Operator’s token',
    tokenHint: 'It was printed when the system was started. It is forgotten with this window.',
    enter: 'Enter',
    leave: 'Leave',
    refused: 'Nobody has this token.',
    sales: {
      title: 'Sales',
      coming: 'The figures are coming …',
      section: 'Section',
      sold: 'Sold',
      held: 'Held',
      free: 'Free',
      taken: 'Taken',
      all: 'All',
    },
    open: 'Put a show on sale',
    preview: 'As customers will see it',
    file: 'From a file: JSON, as the API takes it',
    typed: 'Type it instead',
    wrong: {
      'not-json': 'The file is not JSON.',
      'not-a-show': 'The file is no show: it should have a title and sections with rows.',
    },
    wrongAt: 'What is wrong with it',
    sell: 'Put on sale',
    opened: 'On sale:',
    form: {
      title: 'Title',
      venue: 'Venue',
      startsAt: 'Begins',
      currency: 'Currency',
      section: (n: number) => `Section ${count(n)}`,
      name: 'Name',
      price: 'Price of a seat',
      rows: 'Rows',
      seats: 'Seats in a row',
      remove: 'Remove this section',
      another: 'Another section',
    },
  },
});

/** What every language has to say. */
export type Texts = ReturnType<typeof en>;
