import { deadTopic } from '@ensemble/choreography';
import { type AnyEvent, events, readEvent } from '@ensemble/contracts';
import type { NewRecord } from '@ensemble/log';
import type { Commit } from '@ensemble/store';
import { isGarbage, type Stage, type Watch } from '@ensemble/testing/stage';
import { short, Violation } from './violation.ts';

/** Everything that was committed and published, in order, each event held to its rules. */
export interface Chronicle extends Required<Pick<Watch, 'appended' | 'stored'>> {
  /** A service acts on the world. */
  acts(service: string, name: string, args: unknown): void;
  /** What was published of each booking, in order. */
  readonly stories: ReadonlyMap<string, readonly AnyEvent[]>;
  /** By `service stream`, its commits as they were inserted. */
  readonly commits: ReadonlyMap<string, readonly Commit[]>;
  /** When an event was published first, in milliseconds since 1970 UTC; Infinity if it was not. */
  publishedAt(id: string): number;
  /** Events that are on record and were not published, each with its place. */
  unpublished(): Recorded[];
  /** Every event on record, by id. */
  ids(): string[];
  /** Inputs that went to the dead letters, as `service id`. */
  readonly dead: ReadonlySet<string>;
  /** What is stored is what was inserted. */
  checkStores(): void;
}

/** An event on record: what was committed, and by whom. */
export interface Recorded {
  readonly id: string;
  readonly service: string;
  readonly stream: string;
  readonly bytes: string;
  publishedAt: number;
}

const bytesOf = ({ topic, key, value, headers }: NewRecord): string =>
  [topic, key, value && Buffer.from(value).toString(), ...Object.entries(headers).flat()].join(
    '\n',
  );
const actOf = (service: string, name: string, args: unknown): string =>
  `${service} ${name} ${JSON.stringify(args)}`;

/**
 * Begins to write.
 * @param isRequest whether somebody outside made a request of this id
 * @param take is given each event when it is published for the first time
 */
export const chronicle = (
  stage: () => Stage,
  isRequest: (id: string) => boolean,
  take: (event: AnyEvent) => void,
): Chronicle => {
  const recorded = new Map<string, Recorded>();
  /** To-dos on record, as `service id`, and what they name to be done. */
  const toDos = new Set<string>();
  const named = new Set<string>();
  const commits = new Map<string, Commit[]>();
  /** By stream and topic, how many events were published. */
  const sequences = new Map<string, number>();
  const stories = new Map<string, AnyEvent[]>();
  const dead = new Set<string>();
  /** By service, stream and topic, the offset of the input that was decided last. */
  const decided = new Map<string, number>();

  const record = (service: string, { stream, says, does }: Commit): void => {
    for (const { value, ...message } of says) {
      const id = message.headers['ce_id'] ?? '';
      const bytes = bytesOf({ ...message, value: Buffer.from(value) });
      recorded.set(id, { id, service, stream, bytes, publishedAt: Infinity });
    }
    for (const { id, name, args } of does) {
      toDos.add(`${service} ${id}`);
      named.add(actOf(service, name, args));
    }
  };

  const isCause = (id: string, service: string): boolean =>
    (recorded.get(id)?.publishedAt ?? Infinity) < Infinity ||
    toDos.has(`${service} ${id}`) ||
    isRequest(id);

  const publish = (message: NewRecord, service: string): void => {
    const { ce_id: id = '', ce_type: type } = message.headers;
    const known = recorded.get(id);
    const broken = (found: string) => new Violation('events', `${type} ${short(id)} ${found}`);
    if (known === undefined) throw broken('was published and is in no commit');
    if (known.bytes !== bytesOf(message)) throw broken('was published with other bytes');
    if (known.service !== service) throw broken(`of ${known.service} was published by ${service}`);
    if (known.publishedAt < Infinity) return;
    known.publishedAt = stage().world.now();
    const reading = readEvent({ ...message, timestamp: Infinity });
    if (reading.kind !== 'event') throw broken('cannot be read');
    const { event } = reading;
    const { causationId } = event;
    if (!isCause(causationId, service))
      throw broken(`was caused by ${short(causationId)}, unknown`);
    checkSequence(event, known);
    if ('bookingId' in event.data) {
      const story = stories.get(event.correlationId) ?? [];
      stories.set(event.correlationId, [...story, event]);
    }
    take(event);
  };

  const checkSequence = ({ type, sequence }: AnyEvent, { stream }: Recorded): void => {
    const place = `${stream} to ${events[type].noun}`;
    const before = sequences.get(place) ?? 0;
    if (sequence !== before + 1) {
      throw new Violation('events', `after number ${before} of ${place} came number ${sequence}`);
    }
    sequences.set(place, sequence);
  };

  /** What died comes when it is put back, or when an offset is. */
  const checkOrder = (service: string, { stream, position, cause }: Commit): void => {
    const [topic = '', , offset] = position?.split('/') ?? [];
    if (position === null || dead.has(`${service} ${cause}`)) return;
    const place = `${service} ${stream} ${topic}`;
    const last = decided.get(place) ?? -1;
    if (Number(offset) <= last) {
      throw new Violation(
        'order',
        `${service} decided ${short(cause)}, ${position}, after ${last}`,
      );
    }
    decided.set(place, Number(offset));
  };

  return {
    stories,
    commits,
    dead,
    appended: (records, { service }) => {
      for (const record of records.filter((each) => !isGarbage(each))) {
        const { ce_type: type, ce_id: id } = record.headers;
        if (record.topic === deadTopic(service)) dead.add(`${service} ${id}`);
        else if (type !== undefined) publish(record, service);
      }
    },
    stored: (inserted, stream, { service }) => {
      const name = `${service} ${stream}`;
      commits.set(name, [...(commits.get(name) ?? []), ...inserted]);
      for (const commit of inserted) {
        record(service, commit);
        checkOrder(service, commit);
      }
    },
    acts: (service, name, args) => {
      const act = actOf(service, name, args);
      if (!named.has(act)) throw new Violation('events', `it is not on record: ${act}`);
    },
    publishedAt: (id) => recorded.get(id)?.publishedAt ?? Infinity,
    unpublished: () => [...recorded.values()].filter(({ publishedAt }) => publishedAt === Infinity),
    ids: () => [...recorded.keys()],
    checkStores: () => {
      for (const [name, known] of commits) {
        const [service = '', stream = ''] = name.split(' ');
        const texts = stage().store(service).commits.get(stream) ?? [];
        const changed = texts.findIndex((text, index) => text !== JSON.stringify(known[index]));
        if (changed < 0 && texts.length === known.length) continue;
        throw new Violation('events', `commit ${changed + 1} of ${name} is not what it was`);
      }
    },
  };
};
