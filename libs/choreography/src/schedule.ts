import type { FiledToDo, StoredToDo } from '@ensemble/store';
import type { Outcome, Work } from '@ensemble/telemetry';
import type { Answered } from './input.ts';
import { type Concerned, detach, type Persistence, type Ports } from './ports.ts';
import { backoffMs, type RetryPolicy } from './retry.ts';
import type { Came, Effects, Service } from './service.ts';

const horizonMs = 60_000;
const sweepMs = 30_000;
/** Of reminders, and of all else: many holds that wait to run out must keep nobody waiting. */
const inMemory = 2_000;
const perSweep = 500;
/** A timer rings late under load; that does not cost a to-do its last try. */
const latenessMs = 1_000;
/** So long a reading of the stream counts as fresh: to ask again takes about as long as to begin. */
const freshMs = 1_000;

/**
 * The to-dos of one partition: those due within a minute in memory, the others on disk until then.
 * It is an index: what is open is asked of the stream before anything is done.
 */
export interface Schedule {
  /** Begins with what is on file. */
  start(): Promise<void>;
  /** Takes up what was just filed, and was open at a moment by a fresh reading or an insert. */
  add(toDos: readonly FiledToDo[], openAt: number): void;
  /** There may be something on file that it does not know. */
  look(): void;
  /** Lets go of what was answered or withdrawn. */
  drop(ids: readonly string[]): void;
  /** Begins nothing more; resolves when what is being done has ended. */
  stop(): Promise<void>;
}

/** Lets at most `limit` tasks of a service run at once; the others wait their turn. */
export type Slots = <Result>(task: () => Promise<Result>) => Promise<Result>;
export const slots = (limit: number): Slots => {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
};

const concernedIn = ({ id, stream, trace }: FiledToDo): Concerned => ({
  booking: stream,
  toDo: id,
  trace,
});

/** What an effect returned, as it will be read back from the store. */
const asStored = (result: unknown): unknown => JSON.parse(JSON.stringify(result ?? null));

export const schedule = (
  service: Service,
  partition: number,
  { store, clock, random, observe, telemetry }: Ports,
  { persist }: Persistence,
  {
    effects,
    slot,
    open,
    heardAll,
    answer,
    isParked,
  }: {
    readonly effects: Effects;
    readonly slot: Slots;
    /** The to-do, if it is still open by a fresh reading. */
    readonly open: (stream: string, id: string) => Promise<StoredToDo | undefined>;
    /** Resolves when all that stands in the partition by now has been heard. */
    readonly heardAll: () => Promise<void>;
    /** Hears what came of it; resolves when that is settled or parked, to which of them. */
    readonly answer: (stream: string, answered: Answered) => Promise<Outcome>;
    readonly isParked: (stream: string, id: string) => boolean;
  },
): Schedule => {
  /** To-dos in memory, each with what calls its timer off. */
  const taken = new Map<string, () => void>();
  const remindersTaken = new Set<string>();
  /** To-dos that could not be done and stay on file; the next regular look takes them up again. */
  const passed = new Set<string>();
  const running = new Set<Promise<void>>();
  let stopped = false;
  /** What is parked is known: nothing may overtake it. */
  let started = false;
  let sweeping = false;
  let cancelSweep: () => void = () => undefined;
  /** There may be more on disk than was taken. */
  let more = false;

  const isReminder = ({ name }: FiledToDo): boolean => service.does.get(name)?.retry === null;
  /** How many of its kind are in memory. */
  const takenLike = (toDo: FiledToDo): number =>
    isReminder(toDo) ? remindersTaken.size : taken.size - remindersTaken.size;

  const arm = (toDo: FiledToDo, openAt: number): void => {
    const task = (): void => {
      const run = begin(toDo, openAt).finally(() => running.delete(run));
      running.add(run);
    };
    if (isReminder(toDo)) remindersTaken.add(toDo.id);
    const wait = toDo.dueAt - clock.now();
    taken.set(toDo.id, () => undefined);
    if (wait <= 0) task();
    else taken.set(toDo.id, clock.after(wait, task));
  };

  const add = (toDos: readonly FiledToDo[], openAt = -Infinity): void => {
    const before = clock.now() + horizonMs;
    for (const toDo of toDos) {
      if (!started || stopped || toDo.dueAt >= before || taken.has(toDo.id)) continue;
      if (takenLike(toDo) >= inMemory) more = true;
      else arm(toDo, openAt);
    }
  };

  const sweep = async (): Promise<void> => {
    sweeping = true;
    more = false;
    // What is taken or passed stands in front on disk, so as many again are asked for.
    const limit = taken.size + passed.size + perSweep;
    const before = clock.now() + horizonMs;
    const due = await persist('store', () => store.due({ partition, before, limit }));
    sweeping = false;
    if (stopped) return;
    if (due.length === limit) more = true;
    add(due.filter(({ id }) => !passed.has(id)));
    sweepAfter(sweepMs);
    sweepIfRoom();
  };

  const sweepAfter = (ms: number): void => {
    cancelSweep();
    cancelSweep = clock.after(ms, () => {
      if (ms > 0) passed.clear();
      detach(sweep());
    });
  };

  const sweepIfRoom = (): void => {
    const isFull =
      remindersTaken.size >= inMemory / 2 || taken.size - remindersTaken.size >= inMemory / 2;
    if (more && started && !sweeping && !stopped && !isFull) sweepAfter(0);
  };

  const forget = (id: string): void => {
    taken.delete(id);
    remindersTaken.delete(id);
    sweepIfRoom();
  };

  const pass = (id: string): void => {
    passed.add(id);
    forget(id);
  };

  const begin = async (toDo: FiledToDo, openAt: number): Promise<void> => {
    if (isParked(toDo.stream, toDo.id)) return pass(toDo.id);
    const attempted = (): Promise<FiledToDo | null> =>
      stopped ? Promise.resolve(null) : attempt(toDo, openAt);
    // A reminder does nothing to the world, and may wait long for what is to be heard before it.
    try {
      const next = await (isReminder(toDo) ? attempted() : slot(attempted));
      forget(toDo.id);
      if (next !== null) add([next]);
    } catch (error) {
      // A stop, or a bug: the to-do stays on file.
      pass(toDo.id);
      if (!stopped)
        observe('failed', {
          service: service.name,
          what: toDo.name,
          error,
          concerned: concernedIn(toDo),
        });
    }
  };

  /** Has what came of it heard, within the work that it was. */
  const came = async (
    toDo: FiledToDo,
    outcome: { ok: true; result: unknown } | { ok: false; reason: string },
    { trace, end }: Work,
  ): Promise<void> => {
    const heard = await answer(toDo.stream, {
      kind: 'came',
      id: toDo.id,
      name: toDo.name,
      came: { id: toDo.id, args: toDo.args, time: clock.now(), ...outcome } as Came,
      ...(trace === undefined ? {} : { trace }),
    });
    if (!outcome.ok) end('failed', outcome.reason);
    else if (heard === 'parked') end('parked', 'what came of it waits to be heard');
    else end('decided');
  };

  const tryOut = (toDo: FiledToDo, { reaches }: { reaches?: string | undefined }): Work =>
    telemetry.attempt({
      id: toDo.id,
      name: toDo.name,
      conversationId: toDo.stream,
      reaches,
      isReminder: isReminder(toDo),
      dueAt: toDo.dueAt,
      attempt: toDo.tries + 1,
      trace: toDo.trace,
    });

  /** Whether nobody answered or withdrew it; who did so here has taken it off the schedule too. */
  const isOpen = async ({ stream, id }: FiledToDo, openAt: number): Promise<boolean> =>
    (taken.has(id) && clock.now() < openAt + freshMs) || (await open(stream, id)) !== undefined;

  /** Does it once; resolves to the next try, if there is to be one. */
  const attempt = async (toDo: FiledToDo, openAt: number): Promise<FiledToDo | null> => {
    if (!(await isOpen(toDo, openAt)) || stopped) return null;
    const definition = service.does.get(toDo.name);
    if (definition === undefined) throw new Error(`${service.name} has no to-do ${toDo.name}`);
    if (definition.retry === null) {
      await heardAll();
      const firing = tryOut(toDo, definition);
      await came(toDo, { ok: true, result: null }, firing);
      return null;
    }
    const effect = effects[toDo.name];
    if (effect === undefined) throw new Error(`${service.name} has no effect for ${toDo.name}`);
    const { until = Infinity } = toDo;
    const work = tryOut(toDo, definition);
    if (toDo.tries > 0 && clock.now() > until + latenessMs) {
      return giveUp(toDo, new Error(`not done by ${new Date(until).toISOString()}`), work);
    }
    let result: unknown;
    try {
      observe('tried', { service: service.name, what: toDo.name });
      result = asStored(await effect(toDo.args as never, { id: toDo.id, tries: toDo.tries }));
    } catch (error) {
      observe('failed', {
        service: service.name,
        what: toDo.name,
        error,
        concerned: concernedIn(toDo),
      });
      return again(toDo, definition.retry, error, work);
    }
    await came(toDo, { ok: true, result }, work);
    return null;
  };

  const again = async (
    toDo: FiledToDo,
    policy: RetryPolicy,
    error: unknown,
    work: Work,
  ): Promise<FiledToDo | null> => {
    const tries = toDo.tries + 1;
    const now = clock.now();
    const { until = Infinity } = toDo;
    if (tries >= (policy.limit ?? Infinity) || now >= until) return giveUp(toDo, error, work);
    const dueAt = Math.min(now + backoffMs(policy, tries, random), until);
    const next = { ...toDo, tries, dueAt };
    await persist('store', () => store.file([next]));
    work.end('failed', error);
    return next;
  };

  const giveUp = async (toDo: FiledToDo, error: unknown, work: Work): Promise<null> => {
    observe('given-up', {
      service: service.name,
      what: toDo.name,
      error,
      concerned: concernedIn(toDo),
    });
    const reason = error instanceof Error ? error.message || error.name : String(error);
    // Whoever says the reason in an event must not say nothing.
    await came(toDo, { ok: false, reason: reason.slice(0, 200) || 'no reason was given' }, work);
    return null;
  };

  return {
    start: () => {
      started = true;
      return sweep();
    },
    add,
    look: () => {
      more = true;
      sweepIfRoom();
    },
    drop: (ids) => {
      for (const id of ids) {
        taken.get(id)?.();
        forget(id);
      }
    },
    stop: async () => {
      stopped = true;
      cancelSweep();
      for (const cancel of taken.values()) cancel();
      await Promise.allSettled(running);
    },
  };
};
