import type { Clock } from '@ensemble/choreography';
import { eventTypes, type EventType, isEventType, owners } from '@ensemble/contracts';
import type { Log, LogRecord } from '@ensemble/log';

/** Bookings that are followed at one time; of more, those untouched longest are let go. */
const followed = 5_000;
/** A mail usually comes right after; so long a line waits for it, in milliseconds. */
const mailMs = 1_000;

type Final = 'ticketed' | 'refused' | 'failed' | 'refunded';
const finals: Partial<Record<EventType, Final>> = {
  'ticket.generated': 'ticketed',
  'seat.refused': 'refused',
  'payment.failed': 'failed',
  'payment.refunded': 'refunded',
};
/** What a fact makes of a booking goes by rank: a refund after a failure is bookkeeping. */
const ranks: readonly Final[] = ['ticketed', 'refunded', 'failed', 'refused'];
const quiet = new Set<EventType>(['seat.sold', 'seat.released']);

interface Step {
  readonly id: string;
  readonly type: EventType;
  readonly at: number;
}
interface Story {
  readonly steps: Step[];
  told: Final | null;
  cancel: (() => void) | null;
}

const earlier = (one: Step, other: Step): number =>
  one.at - other.at || eventTypes.indexOf(one.type) - eventTypes.indexOf(other.type);

const stateOf = ({ steps }: Story): Final | null =>
  ranks.findLast((state) => steps.some(({ type }) => finals[type] === state)) ?? null;

const lineOf = (bookingId: string, story: Story, state: Final): string => {
  const steps = story.steps.toSorted(earlier);
  const decided = steps.find(({ type }) => finals[type] === state);
  const [first] = steps;
  const time = new Date(decided?.at ?? 0).toISOString().slice(11, 19);
  const path = steps.flatMap(({ type }) => (quiet.has(type) ? [] : [type])).join(' → ');
  const which = `${time} ${bookingId.slice(0, 8)}`;
  // It began before this start: how long it took cannot be known.
  if (first?.type !== 'booking.requested') return `${which} … → ${path}  ${state}`;
  return `${which} ${path}  ${state}  ${(decided?.at ?? 0) - first.at} ms`;
};

/**
 * Tells of every booking that settles, from now on, in one line: when, which, by what events, how
 * it ended and how long that took. What is older, and only published once more after a crash, may
 * complete a story but makes none. It reads headers only, so no line holds personal data.
 * @returns what ends it
 */
export const followBookings = (
  log: Log,
  clock: Pick<Clock, 'now' | 'after'>,
  tell: (line: string) => void,
): (() => Promise<void>) => {
  const since = clock.now();
  const stories = new Map<string, Story>();

  const storyOf = (bookingId: string): Story => {
    const story = stories.get(bookingId) ?? { steps: [], told: null, cancel: null };
    stories.delete(bookingId);
    stories.set(bookingId, story);
    const [oldest] = stories.keys();
    if (stories.size > followed && oldest !== undefined) stories.delete(oldest);
    return story;
  };

  const hear = ({ headers }: LogRecord): void => {
    const { ce_id: id = '', ce_type: type = '', ce_correlationid: bookingId = '' } = headers;
    if (!isEventType(type) || type === 'section.opened') return;
    const at = Date.parse(headers['ce_time'] ?? '');
    const isOld = at < since;
    if (isOld && !stories.has(bookingId)) return;
    const story = storyOf(bookingId);
    if (story.steps.some((step) => step.id === id)) return;
    story.steps.push({ id, type, at });
    const state = stateOf(story);
    if (isOld || state === null || state === story.told) return;
    const end = (): void => {
      story.told = state;
      story.cancel = null;
      tell(lineOf(bookingId, story, state));
    };
    story.cancel?.();
    if (type.startsWith('notification.')) end();
    else story.cancel = clock.after(mailMs, end);
  };

  const topics = Object.keys(owners).filter((noun) => noun !== 'section');
  const reader = log.read({
    topics,
    from: 'end',
    onRecords: (records) => records.forEach(hear),
  });
  return async () => {
    for (const { cancel } of stories.values()) cancel?.();
    await reader.stop();
  };
};
