/** Books through every branch of the flow on a running system, and tells each story: `npm run demo`. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { CannotStart, type Config, readConfig, startOrSay, urlOf } from '@ensemble/host';
import { type BoxOffice, boxOffice, type BookingView } from './box-office.ts';
import { stories, type Teller } from './demo-stories.ts';
import { type Mode, type PretendProvider, pretendProvider } from './pretend-provider.ts';

const tell = (line: string): void => console.log(`  ${line}`);

const modes: Readonly<Record<Mode, string>> = {
  normal: 'is well again',
  slow: 'is slow from now on',
  down: 'is down from now on',
  'lose-answer': 'does what it is asked from now on, but its answers are lost',
  'refuse-refunds': 'refuses refunds from now on',
  'hold-refunds': 'lets refunds be on their way from now on',
};

interface Place {
  readonly showId: string;
  readonly section: string;
  /** Seats that are free. */
  readonly free: string[];
}

/** The section in which most seats are free. */
const roomiest = async (office: BoxOffice): Promise<Place> => {
  const shows = await Promise.all((await office.shows()).map(({ showId }) => office.show(showId)));
  const places = shows.flatMap(({ showId, sections }) =>
    sections.map(({ section, seats }) => ({
      showId,
      section,
      free: seats.flatMap(({ seat, state }) => (state === 'free' ? [seat] : [])),
    })),
  );
  const [place] = places.toSorted((a, b) => b.free.length - a.free.length);
  if (place !== undefined && place.free.length >= 20) return place;
  throw new CannotStart('Hardly a seat is free any more: start anew on another ENSEMBLE_DATA');
};

/** The subjects of the mails about a booking, where they are written as files. */
const subjectsOf = ({ ENSEMBLE_DATA: dir }: Config, bookingId: string): string[] =>
  globSync(join(dir, 'mails', '*.eml')).flatMap((file) => {
    const mail = readFileSync(file, 'utf8').replaceAll('=\r\n', '');
    const subject = /^Subject: (.*)\r$/m.exec(mail)?.[1] ?? '';
    return mail.includes(bookingId) ? [`${subject} (${file})`] : [];
  });

const tellHistory = ({ history }: BookingView): void => {
  const began = Date.parse(history[0]?.at ?? '');
  for (const { at, type, by, note } of history) {
    const after = `+${Date.parse(at) - began} ms`;
    tell(`${after.padStart(10)}  ${type}, says ${by}${note === undefined ? '' : ` (${note})`}`);
  }
};

const teller = (
  config: Config,
  office: BoxOffice,
  pretended: PretendProvider,
  { showId, section, free }: Place,
): Teller => ({
  tell,
  charges: pretended.charges,
  asks: async (name, wanted, card = 'pm_card_visa') => {
    const seats = typeof wanted === 'number' ? free.splice(0, wanted) : [...wanted];
    const customer = { name, email: 'customer@example.org' };
    tell(`${name} asks for ${seats.join(', ')} of ${showId}, ${section}, with ${card}`);
    return { seats, booking: await office.book({ showId, section, seats, customer, card }) };
  },
  ends: async ({ booking }, ...states) => {
    const view = await booking.ends(...states);
    tellHistory(view);
    tell(`in the end: ${view.state}${view.reason === undefined ? '' : `, ${view.reason}`}`);
    for (const subject of subjectsOf(config, booking.bookingId)) tell(`mail: ${subject}`);
    return view;
  },
  provider: async (mode, delayMs) => {
    tell(`the payment provider ${modes[mode]}`);
    await pretended.behave(mode, delayMs);
  },
});

/** @throws CannotStart if nobody answers */
const mustAnswer = async (who: string, url: string, ask: () => Promise<unknown>): Promise<void> => {
  try {
    await ask();
  } catch (cause) {
    throw new CannotStart(
      `${who} does not answer at ${url}: run \`npm start\` first, in another terminal and with the ` +
        'same environment',
      { cause },
    );
  }
};

await startOrSay(async () => {
  const config = readConfig(process.env);
  const { HOST: host, GATEWAY_PORT, PROVIDER_PORT } = config;
  const [gatewayUrl, providerUrl] = [urlOf(host, GATEWAY_PORT), urlOf(host, PROVIDER_PORT)];
  const office = boxOffice(gatewayUrl);
  const pretended = pretendProvider(providerUrl);
  await mustAnswer('The gateway', gatewayUrl, office.shows);
  await mustAnswer('The pretend payment provider', providerUrl, pretended.charges);
  process.once('SIGINT', () => {
    void pretended.behave('normal').finally(() => process.exit(130));
  });
  try {
    const told = teller(config, office, pretended, await roomiest(office));
    for (const [title, story] of Object.entries(stories)) {
      console.log(`\n${title}`);
      await story(told);
    }
  } finally {
    await pretended.behave('normal');
  }
});
