import type { Finding, RawMail } from './evidence.ts';
import type { Said } from './said.ts';
import { of, type Story } from './stories.ts';

/**
 * The end is told, nothing is told twice. A mail on its way when it is withdrawn may go out all the
 * same, so there may be more mails than are said to be sent.
 */
export const mailing = (stories: readonly Story[], mails: readonly RawMail[]): Finding => {
  const byBooking = Map.groupBy(mails, bookingOf);
  return {
    what: 'mails',
    count: mails.length,
    violations: stories.flatMap((story) =>
      of(story, [...faults(story, byBooking.get(story.id) ?? []), ...untold(story)]),
    ),
  };
};

/** Every booking's customer is told how it ended. */
export const notices = (stories: readonly Story[]): Finding => {
  const sent = stories.flatMap(({ events }) => about(events, 'notification.sent'));
  return {
    what: 'notices',
    count: sent.length,
    violations: stories.flatMap((story) => of(story, untold(story))),
  };
};

const bookingOf = ({ parts }: RawMail): string | undefined =>
  /Booking: ([0-9a-f]{32})/.exec(parts['text/plain']?.toString() ?? '')?.[1];

/** What a notice is about, and of a copy which request it answers. */
const about = (events: readonly Said[], type: string): string[] =>
  events.flatMap(({ type: found, data: { about: what = '', copy } }) =>
    found === type ? [copy === undefined ? what : copyOf(copy)] : [],
  );
const copyOf = (request: string): string => `copy ${request}`;

const untold = ({ events, ends }: Story): string[] => {
  const told = about(events, 'notification.sent');
  const tried = new Set([...told, ...about(events, 'notification.failed')]);
  const wanted = [
    ...ends.map((end) => (end === 'ticketed' ? 'ticket' : end)),
    ...requestsFor(events).map(copyOf),
  ];
  return [
    ...wanted.filter((what) => !tried.has(what)).map((what) => `was not told of ${what}`),
    ...(new Set(told).size === told.length ? [] : [`was told twice: ${told.join(', ')}`]),
  ];
};

/** The ids of the requests for a copy. */
const requestsFor = (events: readonly Said[]): string[] =>
  events.flatMap(({ type, id }) => (type === 'booking.copy-requested' ? [id] : []));

const faults = ({ events }: Story, mails: readonly RawMail[]): string[] => {
  const told = about(events, 'notification.sent');
  const byId = new Map(mails.map(({ headers }) => [headers['message-id'], headers['subject']]));
  const subjects = [...byId.values()];
  const again = subjects.length - new Set(subjects).size;
  return [
    ...(subjects.length >= told.length ? [] : [`got ${subjects.length} of ${told.length} mails`]),
    ...(again <= requestsFor(events).length ? [] : [`got twice: ${subjects.join(', ')}`]),
  ];
};
