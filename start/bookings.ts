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
  const took = (decided?.at ?? 0) - (first?.at ?? 0);
  return `${time} ${bookingId.slice(0, 8)} ${path}  ${state}  ${took} ms`;
};

/**
 * Tells of every booking that settles, from now on, in one line: when, which, by what events, how
 * it ended and how long that took. It reads headers only, so no line holds personal data.
 * @returns what ends it
 */
export const followBookings = (
  log: Log,
  clock: Pick<Clock, 'after'>,
  tell: (line: string) => void,
): (() => Promise<void>) => {
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
    const { ce_type: type = '', ce_correlationid: bookingId = '', ce_time: time = '' } = headers;
    if (!isEventType(type) || type === 'section.opened') return;
    const story = storyOf(bookingId);
    const at = Date.parse(time);
    if (story.steps.some((step) => step.type === type && step.at === at)) return;
    story.steps.push({ type, at });
    const state = stateOf(story);
    if (state === null || state === story.told) return;
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
