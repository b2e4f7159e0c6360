import { type Commit, type FiledToDo, type StoredToDo, untriedOf } from '@ensemble/store';
import { decide, type Decided } from './decide.ts';
import { advanceAll, emptyFold, type Fold, read, snapshotOf } from './fold.ts';
import { type Input, nameOf, positionOf } from './input.ts';
import { deadKey } from './letter.ts';
import { pause } from './clock.ts';
import { type Persistence, type Ports, Stopped } from './ports.ts';
import type { Service } from './service.ts';

/** How an input was settled, and the commit that it caused. */
export type Settled =
  | { readonly how: 'decided' | 'repeated' | 'copied'; readonly commit: Commit }
  /** The to-do had been withdrawn: its answer is not heard. */
  | { readonly how: 'withdrawn'; readonly commit?: undefined };

/** A decision of the stream failed: nothing of it is decided until the input at fault is dealt with. */
export class Undecidable extends Error {
  readonly code = 'undecidable';
  override readonly name = 'Undecidable';
}

/**
 * One stream's way through the runtime: one input after another is decided in memory, the commits
 * are stored and published together, and only then is each input settled.
 */
export interface Lane {
  /**
   * Settles an input: resolves when its commit is stored, everything up to it is published and its
   * to-dos are filed.
   * @throws Undecidable if its decision throws; so does every input behind it, until
   *   {@link Lane.unblock}, unless it was a request, which is answered and not parked
   */
  settle(input: Input): Promise<Settled>;
  /**
   * The to-do if it is still open, by a fresh reading; if it was answered, what its answer led to
   * is published once more before this resolves.
   */
  open(toDo: string): Promise<StoredToDo | undefined>;
  /** Lets inputs in again. */
  unblock(): void;
  isIdle(): boolean;
}

/** What a lane does beside deciding: to-dos come to the schedule and leave it. */
export interface LaneHooks {
  /** These were filed for the first time; they were open when what was decided then was stored. */
  filed(toDos: readonly FiledToDo[], decidedAt: number): void;
  /** Some were filed once more; how often they were tried before stands on file. */
  filedAgain(partition: number): void;
  /** These were answered or withdrawn. */
  closed(toDos: readonly string[], partition: number): void;
}

/** Settings of lanes; the defaults are for production. */
export interface LaneSettings {
  /** So many commits after the last snapshot of a stream there is another one. */
  readonly commitsPerSnapshot?: number | undefined;
}

type Item = Settling | Asking;
interface Settling {
  readonly kind: 'settle';
  readonly input: Input;
  readonly resolve: (settled: Settled) => void;
  readonly reject: (error: unknown) => void;
}
interface Asking {
  readonly kind: 'ask';
  readonly toDo: string;
  readonly resolve: (toDo: StoredToDo | undefined) => void;
  readonly reject: (error: unknown) => void;
}

const longestRun = 256;
/** Customers repeat what they asked last. */
const answersAtMost = 16;

export const lane = (
  service: Service,
  { stream, partition }: { stream: string; partition: number },
  { log, store, clock, observe, telemetry }: Ports,
  { persist }: Persistence,
  hooks: LaneHooks,
  { commitsPerSnapshot = 500 }: LaneSettings = {},
): Lane => {
  const queue: Item[] = [];
  let working = false;
  let blocked: Undecidable | null = null;

  let fold: Fold | null = null;
  /** Nothing was read or stored yet: most streams begin here, and only an insert can tell. */
  let supposed = true;
  /** The highest version known to be published, and the commits above it. */
  let published = 0;
  let unpublished: Commit[] = [];
  /** Those of them that were decided here. */
  const fresh = new Set<Commit>();
  let snapshotAt = 0;
  /** Just loaded, the first inputs are likely to be redeliveries: look before deciding. */
  let mayRepeat = false;

  /** What requests came to that were settled here and left nothing to be done, by id. */
  const answers = new Map<string, Commit>();

  const count = (happening: Settled['how'] | 'conflict', input: Input): void =>
    observe(happening, { service: service.name, what: nameOf(input) });

  const note = (commits: readonly Commit[]): void => {
    published = Math.max(published, commits.at(-1)?.settled ?? 0);
    unpublished = [...unpublished, ...commits].filter(({ version }) => version > published);
  };

  const load = async (): Promise<Fold> => {
    supposed = false;
    const { from, commits } = await persist('store', () => read(service, store, stream));
    // A snapshot is made of what is published.
    published = snapshotAt = from.version;
    unpublished = [];
    note(commits);
    const loaded = advanceAll(service, from, commits);
    mayRepeat = loaded.version > 0;
    return loaded;
  };

  const refresh = async (from: Fold): Promise<Fold> => {
    const commits = await persist('store', () => store.load(stream, from.version));
    note(commits);
    return advanceAll(service, from, commits);
  };

  /** The fold as the store holds it at this moment. */
  const renew = (): Promise<Fold> => (fold === null ? load() : refresh(fold));

  const publish = async (upTo: number): Promise<void> => {
    if (upTo <= published) return;
    const due = unpublished.filter(({ version }) => version <= upTo);
    const records = due
      .flatMap(({ says }) => says)
      .map((message) => ({ ...message, value: Buffer.from(message.value) }));
    if (records.length > 0) await persist('log', () => log.append(records));
    for (const commit of due) {
      const { says, trace, at } = commit;
      // Who takes a stream over may say once more what was said long ago.
      const isAgain = !fresh.delete(commit);
      for (const message of says) telemetry.said(message, { in: trace, at, isAgain });
    }
    published = upTo;
    unpublished = unpublished.filter(({ version }) => version > upTo);
  };

  /** What is open of the to-dos that these commits named, not tried yet. */
  const openOf = (commits: readonly Commit[], now: Fold): FiledToDo[] =>
    untriedOf(commits).filter(({ id }) => now.open.has(id));

  /** Files once more, except what was done and whose outcome is among the dead letters. */
  const fileAgain = async (toDos: readonly FiledToDo[]): Promise<void> => {
    const areDead = await Promise.all(
      toDos.map(async ({ id }) => {
        const known = await persist('store', () => store.known(deadKey(id)));
        return known.some(([key]) => key === deadKey(id));
      }),
    );
    const missing = toDos.filter((_, index) => areDead[index] === false);
    if (missing.length === 0) return;
    await persist('store', () => store.file(missing));
    hooks.filedAgain(partition);
  };

  /** Takes off the schedule what was answered or withdrawn; what stays is found out when due. */
  const unfile = (ids: readonly string[]): void => {
    if (ids.length === 0) return;
    hooks.closed(ids, partition);
    store.unfile(ids).catch((error: unknown) => {
      observe('unavailable', { service: service.name, what: 'store', error });
    });
  };

  const settleRepeat = async (
    input: Input | null,
    commit: Commit,
  ): Promise<'repeated' | 'copied'> => {
    const position = input && positionOf(input);
    if (position !== null && commit.position !== position) return 'copied';
    fold = await renew();
    await Promise.all([publish(commit.version), fileAgain(openOf([commit], fold))]);
    if (commit.position === null) unfile([commit.cause]);
    return 'repeated';
  };

  const keepAnswer = (input: Input, commit: Commit): void => {
    if (input.kind !== 'command' || commit.does.length > 0) return;
    answers.set(input.id, commit);
    const [oldest] = answers.keys();
    if (oldest !== undefined && answers.size > answersAtMost) answers.delete(oldest);
  };

  /**
   * Settles requests that were answered before; returns the others. What is stored and published
   * stays so: who asks again because nobody answered in time must not make the store slower still.
   */
  const settleAnswered = (items: readonly Settling[]): readonly Settling[] =>
    items.filter(({ input, resolve }) => {
      const commit = answers.get(input.id);
      if (commit === undefined) return true;
      count('repeated', input);
      resolve({ how: 'repeated', commit });
      return false;
    });

  const find = (cause: string): Promise<Commit | undefined> =>
    persist('store', () => store.find(stream, cause));

  /** Settles those at the front that were decided before; returns the others. */
  const settleRepeats = async (items: readonly Settling[]): Promise<readonly Settling[]> => {
    for (const [index, { input, resolve }] of items.entries()) {
      const commit = await find(input.id);
      if (commit === undefined) {
        mayRepeat = false;
        return index === 0 ? items : items.slice(index);
      }
      const how = await settleRepeat(input, commit);
      count(how, input);
      keepAnswer(input, commit);
      resolve({ how, commit });
    }
    return [];
  };

  const answer = async ({ toDo, resolve }: Asking): Promise<void> => {
    fold = await renew();
    const open = fold.open.get(toDo);
    if (open === undefined) {
      const commit = await find(toDo);
      if (commit === undefined) unfile([toDo]);
      else await settleRepeat(null, commit);
    }
    resolve(open);
  };

  /** The answer to a to-do that is no longer open is a repeat or comes to nothing. */
  const isClosed = (input: Input, now: Fold): boolean =>
    input.kind === 'came' && !now.open.has(input.id);

  /** Decides as many as can be decided, in order. */
  const decideRun = (
    items: readonly Settling[],
    from: Fold,
  ): { run: Decided[]; failure?: unknown } => {
    const run: Decided[] = [];
    let now = from;
    for (const { input } of items) {
      if (isClosed(input, now)) break;
      try {
        const at = clock.now();
        const decided = decide(service, { stream, partition }, now, input, {
          at,
          settled: published,
        });
        run.push(decided);
        now = decided.fold;
      } catch (failure) {
        return { run, failure };
      }
    }
    return { run };
  };

  const finish = async (items: readonly Settling[], run: readonly Decided[]): Promise<void> => {
    const last = run.at(-1);
    if (last === undefined) return;
    const commits = run.map(({ commit }) => commit);
    fold = last.fold;
    unpublished = [...unpublished, ...commits];
    for (const commit of commits) fresh.add(commit);
    const [{ at } = last.commit] = commits;
    // The store filed them with their commits.
    const toDos = openOf(commits, fold);
    if (toDos.length > 0) hooks.filed(toDos, at);
    await publish(fold.version);
    const answered = items.flatMap(({ input }) => (input.kind === 'came' ? [input.id] : []));
    unfile([...answered, ...commits.flatMap(({ withdraws }) => withdraws)]);
    for (const [index, { input, resolve }] of items.entries()) {
      const commit = commits[index];
      if (commit === undefined) break;
      count('decided', input);
      keepAnswer(input, commit);
      resolve({ how: 'decided', commit });
    }
    if (fold.version - snapshotAt >= commitsPerSnapshot) {
      snapshotAt = fold.version;
      store.saveSnapshot(snapshotOf(service, stream, fold)).catch((error: unknown) => {
        observe('unavailable', { service: service.name, what: 'store', error });
      });
    }
  };

  const drop = (item: Settling, items: readonly Settling[]): readonly Settling[] => {
    unfile([item.input.id]);
    count('withdrawn', item.input);
    item.resolve({ how: 'withdrawn' });
    return items.slice(1);
  };

  const undecidable = (cause: unknown): Undecidable => {
    const message = cause instanceof Error ? cause.message : String(cause);
    return new Undecidable(`${service.name} cannot decide: ${message}`, { cause });
  };

  /** Turns away these, all behind them and all that come, so that they are parked in order. */
  const block = (items: readonly Item[], error: Undecidable): void => {
    blocked = error;
    for (const { reject } of items) reject(error);
    const behind = queue.filter((item) => item.kind === 'settle');
    for (const item of behind) {
      queue.splice(queue.indexOf(item), 1);
      item.reject(error);
    }
  };

  /** Nobody parks it and unblocks the lane after it: only who asked is told. */
  const isNotParked = (item: Item): boolean => item.kind === 'ask' || item.input.kind === 'command';

  const settleAll = async (items: readonly Settling[]): Promise<void> => {
    let rest = items;
    for (let rounds = 1; rest.length > 0; rounds += 1) {
      // That a stream is new is supposed until its first insert proves it or not: reading first
      // would cost as much, and prove nothing.
      fold ??= supposed ? emptyFold(service) : await load();
      if (mayRepeat) rest = await settleRepeats(rest);
      const { run, failure } = decideRun(rest, fold);
      const commits = run.map(({ commit }) => commit);
      const stored = run.length === 0 ? 0 : await persist('store', () => store.append(commits));
      if (supposed && stored === 0) {
        fold = await load();
        continue;
      }
      supposed = false;
      await finish(rest.slice(0, stored), run.slice(0, stored));
      rest = rest.slice(stored);
      const [first] = rest;
      if (first === undefined) return;
      // Either the decision of the first was not possible, or another writer stored before us, or
      // this very run was stored by a try whose answer was lost. Each time what is stored tells.
      const wasDecided = stored < run.length;
      if (wasDecided) count('conflict', first.input);
      const { version } = fold;
      fold = await renew();
      const left = await settleRepeats(rest);
      if (wasDecided || left !== rest) rest = left;
      else if (isClosed(first.input, fold)) rest = drop(first, rest);
      else if (failure !== undefined && fold.version === version) {
        const error = undecidable(failure);
        if (!isNotParked(first)) return block(rest, error);
        first.reject(error);
        rest = rest.slice(1);
      }
      if (rounds % 5 === 0) await pause(clock, 50);
    }
  };

  const work = async (): Promise<void> => {
    while (queue.length > 0) {
      const items = queue.splice(0, longestRun);
      try {
        for (const item of items) if (item.kind === 'ask') await answer(item);
        await settleAll(settleAnswered(items.filter((item) => item.kind === 'settle')));
      } catch (error) {
        fold = null;
        // Else it is the service's own fold that failed, on what is stored.
        const isOver = error instanceof Stopped;
        if (!isOver && !items.every(isNotParked)) block(items, undecidable(error));
        else for (const { reject } of items) reject(isOver ? error : undecidable(error));
      }
    }
    working = false;
  };

  const add = (item: Item): void => {
    queue.push(item);
    if (working) return;
    working = true;
    // What is added in the same breath travels together.
    void Promise.resolve().then(work);
  };

  return {
    settle: (input) =>
      new Promise((resolve, reject) => {
        if (blocked === null) add({ kind: 'settle', input, resolve, reject });
        else reject(blocked);
      }),
    open: (toDo) => new Promise((resolve, reject) => add({ kind: 'ask', toDo, resolve, reject })),
    unblock: () => {
      blocked = null;
    },
    isIdle: () => !working && queue.length === 0 && blocked === null,
  };
};
