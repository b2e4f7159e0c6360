import { type Happening, redriveTopic } from '@ensemble/choreography';
import type { AnyEvent, EventType } from '@ensemble/contracts';
import type { Commit } from '@ensemble/store';
import type { Player, Stage, Watch } from '@ensemble/testing/stage';
import type { Cast } from './cast.ts';

/** Rare states that the plays must have been in: what was never reached was never tested. */
export const rareStates = [
  'a process crashes between insert and publish',
  'a process crashes between publish and acknowledge',
  'another process publishes what a dead one had stored',
  'what a dead process had sent arrives',
  'the insert of a zombie is lost',
  'a redelivery is answered from the stored commit',
  'a copy is known as one',
  'the answer to a withdrawn to-do is not heard',
  'a parked stream drains',
  'what nobody can read goes to the dead letters',
  'a to-do is given up',
  'a booking comes before its section is open',
  'a withdrawal overtakes the reservation',
  'a reminder falls due while an attempt is open',
  'a cancel finds the payment paid',
  'another card is charged after a decline',
  'a refund is refused and works later',
  'money is given back after the booking failed',
  'a ticket is delayed and made later',
  'a ticket is revoked before it is made',
  'somebody comes a second time on one ticket',
  'somebody comes with a ticket that was revoked',
  'a ticket is revoked after somebody was let in',
  'a customer cannot be told by mail',
  'a copy is asked for before the letter is known',
  'a letter is overtaken by a newer one that is copied instead',
  'a line is answered a few at a time',
  'a stream is read from its snapshot',
  'a stream with nothing to do is let go',
  'what was dead is put back and decided',
  'an event of a newer version waits, and is decided',
] as const;
export type RareState = (typeof rareStates)[number];

/** Someone who only notes which rare states were reached. */
export interface Witness extends Watch {
  readonly seen: ReadonlySet<RareState>;
}

const byHappening: { readonly [H in Happening]?: RareState } = {
  repeated: 'a redelivery is answered from the stored commit',
  copied: 'a copy is known as one',
  withdrawn: 'the answer to a withdrawn to-do is not heard',
  unparked: 'a parked stream drains',
  dead: 'what nobody can read goes to the dead letters',
  'given-up': 'a to-do is given up',
  'let-go': 'a stream with nothing to do is let go',
};

/** What a commit heard: the type of an event or the name of a to-do, and what came of that. */
const heardIn = ({ heard }: Commit): { what: string; outcome?: string | undefined } => {
  const { event, name, came } = (heard ?? {}) as {
    event?: AnyEvent;
    name?: string;
    came?: { result?: { outcome?: string } | null };
  };
  return { what: event?.type ?? name ?? '', outcome: came?.result?.outcome };
};

const isRequest = ({ heard }: Commit): boolean =>
  heard !== null && typeof heard === 'object' && 'command' in heard;

const saying =
  (commits: readonly Commit[]) =>
  (type: EventType): boolean =>
    commits.some(({ says }) => says.some(({ headers }) => headers['ce_type'] === type));

/** By service: what a commit, after the earlier ones of its stream, is a sign of. */
const signs: Readonly<
  Record<string, (commit: Commit, before: readonly Commit[]) => RareState | undefined>
> = {
  seat: (commit) => {
    if (commit.does.length > 0) return 'a line is answered a few at a time';
    return heardIn(commit).what === 'booking.requested' && commit.says.length === 0
      ? 'a booking comes before its section is open'
      : undefined;
  },
  payment: (commit, before) => {
    const { what, outcome } = heardIn(commit);
    const earlier = before.map(heardIn);
    const says = saying([commit]);
    const said = saying(before);
    if (what === 'seat.reserved' && earlier.some((each) => each.what === 'booking.withdrawn')) {
      return 'a withdrawal overtakes the reservation';
    }
    if (what === 'expire' && !said('payment.failed') && !says('payment.failed')) {
      return 'a reminder falls due while an attempt is open';
    }
    if (what === 'cancel' && outcome === 'paid') return 'a cancel finds the payment paid';
    if (says('payment.received') && said('payment.declined')) {
      return 'another card is charged after a decline';
    }
    if (says('payment.refunded') && said('payment.refund-failed')) {
      return 'a refund is refused and works later';
    }
    return says('payment.refunded') && said('payment.failed')
      ? 'money is given back after the booking failed'
      : undefined;
  },
  ticket: (commit, before) => {
    const says = saying([commit]);
    const said = saying(before);
    if (says('ticket.generated') && said('ticket.delayed')) {
      return 'a ticket is delayed and made later';
    }
    if (says('ticket.revoked')) {
      if (said('ticket.admitted')) return 'a ticket is revoked after somebody was let in';
      return said('ticket.generated') ? undefined : 'a ticket is revoked before it is made';
    }
    if (!isRequest(commit) || says('ticket.admitted')) return undefined;
    return said('ticket.revoked')
      ? 'somebody comes with a ticket that was revoked'
      : 'somebody comes a second time on one ticket';
  },
  notification: (commit) => {
    const { does, withdraws } = commit;
    if (saying([commit])('notification.failed')) {
      return 'a customer cannot be told by mail';
    }
    if (heardIn(commit).what === 'booking.copy-requested' && does.length === 0) {
      return 'a copy is asked for before the letter is known';
    }
    return does.length > 1 && withdraws.length > 0
      ? 'a letter is overtaken by a newer one that is copied instead'
      : undefined;
  },
};

const idIn = ({ headers }: { readonly headers: Readonly<Record<string, string>> }): string =>
  headers['ce_id'] ?? '';

/** The witness of one play. */
export const witness = (stage: () => Stage<Cast>): Witness => {
  const seen = new Set<RareState>();
  /** By service and stream, its commits and who stored the last. */
  const streams = new Map<string, { readonly commits: Commit[]; writer: Player }>();
  /** By event, the process that stored it; until it is published. */
  const unpublished = new Map<string, Player>();
  /** Events that were parked for their version, as `service id`. */
  const newer = new Set<string>();
  /** By service and cause. */
  const decided = new Map<string, Commit>();

  /** An input that the process was given is decided and published, and not yet acknowledged. */
  const isUnacknowledged = ({ service, port }: Player): boolean => {
    const { members, topics, progress } = stage().log;
    const own = [...members].flatMap(([member, of]) =>
      of === port && member.group === service ? member.partitions() : [],
    );
    return own.some((partition) =>
      [...topics].some(([topic, { records }]) =>
        (records[partition] ?? [])
          .slice(progress.committed(service, topic, partition))
          .some(({ headers }) => {
            const says = decided.get(`${service} ${headers['ce_id']}`)?.says ?? [];
            return says.length > 0 && says.every((each) => !unpublished.has(idIn(each)));
          }),
      ),
    );
  };

  const stored: Watch['stored'] = (inserted, stream, by) => {
    const { service } = by;
    const name = `${service} ${stream}`;
    const known = streams.get(name) ?? { commits: [], writer: by };
    streams.set(name, known);
    if (by.actor.state === 'dead') seen.add('what a dead process had sent arrives');
    if (inserted.length === 0 && known.writer !== by) seen.add('the insert of a zombie is lost');
    for (const commit of inserted) {
      const sign = signs[service]?.(commit, known.commits);
      if (sign !== undefined) seen.add(sign);
      decided.set(`${service} ${commit.cause}`, commit);
      if (commit.position?.startsWith(redriveTopic(service)) === true) {
        seen.add('what was dead is put back and decided');
      }
      if (newer.has(`${service} ${commit.cause}`)) {
        seen.add('an event of a newer version waits, and is decided');
      }
      known.commits.push(commit);
      known.writer = by;
      for (const each of commit.says) unpublished.set(idIn(each), by);
    }
  };

  return {
    seen,
    stored,
    appended: (records, by) => {
      for (const record of records) {
        const writer = unpublished.get(idIn(record));
        if (writer === undefined) continue;
        unpublished.delete(idIn(record));
        if (writer !== by) seen.add('another process publishes what a dead one had stored');
      }
    },
    remembered: () => void seen.add('a stream is read from its snapshot'),
    happened: (happening, what, { service }, why) => {
      if (happening === 'parked' && String(why).endsWith('is newer'))
        newer.add(`${service} ${what}`);
      const state = byHappening[happening];
      if (state !== undefined) seen.add(state);
    },
    falls: (player) => {
      if ([...unpublished.values()].includes(player)) {
        seen.add('a process crashes between insert and publish');
      }
      if (isUnacknowledged(player)) {
        seen.add('a process crashes between publish and acknowledge');
      }
    },
  };
};
