import { type AnyEvent, type EventType, readEvent } from '@ensemble/contracts';
import type { Commit, Json, Snapshot, Store, StoredMessage, StoredToDo } from '@ensemble/store';
import type { Answered, Heard, Input } from './input.ts';
import type { Service } from './service.ts';

/** A stream as its service remembers it: the fold of its commits. */
export interface Fold {
  readonly version: number;
  readonly state: unknown;
  /** To-dos that are named, and neither answered nor withdrawn. */
  readonly open: ReadonlyMap<string, StoredToDo>;
  /** By topic, how many events the stream has said. */
  readonly sequences: Readonly<Record<string, number>>;
}

export const emptyFold = (service: Service): Fold => ({
  version: 0,
  state: service.initial,
  open: new Map(),
  sequences: {},
});

/** What of an input is remembered: `state` is the same object if the service learnt nothing. */
export const remember = (service: Service, state: unknown, input: Input): unknown => {
  if (input.kind === 'command' || input.kind === 'newer') return state;
  const name = input.kind === 'event' ? input.event.type : input.name;
  const evolve = service.evolve.get(name);
  if (evolve === undefined) return state;
  return evolve(state, input.kind === 'event' ? input.event : input.came);
};

/** What of an input goes into its commit, to be remembered when the commit is folded again. */
export const recordOf = (input: Heard | Answered): Json =>
  (input.kind === 'event'
    ? { event: input.event }
    : { name: input.name, came: input.came }) as unknown as Json;

const inputOf = (commit: Commit): Input | null => {
  const { heard, cause: id } = commit;
  if (heard === null || typeof heard !== 'object') return null;
  if ('event' in heard) {
    const event = heard['event'] as unknown as AnyEvent;
    return { kind: 'event', id, event, position: commit.position ?? '' };
  }
  if (!('came' in heard)) return null;
  return { kind: 'came', id, name: heard['name'], came: heard['came'] } as unknown as Answered;
};

/** An event that was said, read back from the form in which it was published. */
export const readSaid = ({ topic, key, headers, value }: StoredMessage): AnyEvent => {
  const record = { topic, key, headers, value: Buffer.from(value), timestamp: Infinity };
  const reading = readEvent(record);
  if (reading.kind !== 'event') throw new Error(`${topic} ${key}: expected an event of ours`);
  return reading.event;
};

/** Whether a service remembers this kind of event. */
export const remembers = (service: Service, type: string | undefined): type is EventType =>
  type !== undefined && service.evolve.has(type);

/**
 * The fold after one more commit.
 * @param said the events that are remembered of what the commit says, by message, where they are
 *   at hand; else they are read from the commit
 */
export const advance = (
  service: Service,
  fold: Fold,
  commit: Commit,
  said?: ReadonlyMap<StoredMessage, AnyEvent>,
): Fold => {
  const input = inputOf(commit);
  let state = input === null ? fold.state : remember(service, fold.state, input);
  let { open, sequences } = fold;
  for (const message of commit.says) {
    sequences = { ...sequences, [message.topic]: (sequences[message.topic] ?? 0) + 1 };
    if (!remembers(service, message.headers['ce_type'])) continue;
    const event = said?.get(message) ?? readSaid(message);
    state = service.evolve.get(event.type)?.(state, event) ?? state;
  }
  if (open.has(commit.cause) || commit.does.length > 0 || commit.withdraws.length > 0) {
    const now = new Map(open);
    now.delete(commit.cause);
    for (const id of commit.withdraws) now.delete(id);
    for (const toDo of commit.does) now.set(toDo.id, toDo);
    open = now;
  }
  return { version: commit.version, state, open, sequences };
};

/** A fold in the form in which the store keeps it. */
export const snapshotOf = (service: Service, stream: string, fold: Fold): Snapshot => ({
  stream,
  version: fold.version,
  table: tableOf(service),
  body: {
    state: fold.state,
    open: [...fold.open.values()],
    sequences: fold.sequences,
  } as unknown as Json,
});

/** The fold that a snapshot holds. */
export const foldOf = ({ version, body }: Snapshot): Fold => {
  const { state, open, sequences } = body as unknown as {
    state: unknown;
    open: StoredToDo[];
    sequences: Record<string, number>;
  };
  return { version, state, sequences, open: new Map(open.map((toDo) => [toDo.id, toDo])) };
};

/** The version of the table, as snapshots name it. */
export const tableOf = (service: Service): string => `${service.name}@${service.version}`;

/** A stream as the store holds it at this moment: what was folded, and the commits after it. */
export const read = async (
  service: Service,
  store: Pick<Store, 'snapshot' | 'load'>,
  stream: string,
): Promise<{ from: Fold; commits: Commit[] }> => {
  const snapshot = await store.snapshot(stream, tableOf(service));
  const from = snapshot === undefined ? emptyFold(service) : foldOf(snapshot);
  return { from, commits: await store.load(stream, from.version) };
};

/** The fold after some more commits. */
export const advanceAll = (service: Service, from: Fold, commits: readonly Commit[]): Fold =>
  commits.reduce((fold, commit) => advance(service, fold, commit), from);

/** The fold of a stream as the store holds it at this moment. */
export const recall = async (
  service: Service,
  store: Pick<Store, 'snapshot' | 'load'>,
  stream: string,
): Promise<Fold> => {
  const { from, commits } = await read(service, store, stream);
  return advanceAll(service, from, commits);
};
