/** Calls that travel together: one group is under way at a time, the rest gathers behind it. */
export interface Groups<Call, Result> {
  readonly add: (call: Call) => Promise<Result>;
  /** Resolves when nothing is pending and nothing under way. Rests are cut short. */
  readonly settled: () => Promise<void>;
}

export interface GroupsOptions<Call, Result> {
  /** Does what travels together; resolves to one result a call, in their order. */
  readonly send: (calls: readonly Call[]) => Promise<readonly Result[]>;
  readonly weightOf: (call: Call) => number;
  /** The most that a group weighs, unless one call alone weighs more. */
  readonly limit: number;
  /** Calls of one key never travel together: the later one waits until the earlier one is done. */
  readonly keyOf?: (call: Call) => string;
  /** Whether an error would meet every call, not only the one that raised it. */
  readonly isShared: (error: unknown) => boolean;
  /**
   * How long to rest after a group that took so long, unless the next one is full before: so that
   * calls gather in larger groups, which take less of the server.
   */
  readonly restMs: (tookMs: number) => number;
}

interface Pending<Call, Result> {
  readonly call: Call;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** Gathers calls, from one turn of the event loop and from while a group is under way. */
export const groups = <Call, Result>({
  send,
  weightOf,
  limit,
  keyOf,
  isShared,
  restMs,
}: GroupsOptions<Call, Result>): Groups<Call, Result> => {
  let pending: Pending<Call, Result>[] = [];
  /** Of all that is pending. */
  let weight = 0;
  let working: Promise<void> | null = null;
  let isHurried = false;
  let wake = (): void => undefined;

  const take = (): Pending<Call, Result>[] => {
    const group: Pending<Call, Result>[] = [];
    const left: Pending<Call, Result>[] = [];
    const keys = new Set<string>();
    let taken = 0;
    for (const each of pending) {
      const key = keyOf?.(each.call);
      const isFirst = key === undefined || !keys.has(key);
      // Also one that is left behind has its key taken, or a later one would overtake it.
      if (key !== undefined) keys.add(key);
      const more = weightOf(each.call);
      if (isFirst && (group.length === 0 || taken + more <= limit)) {
        group.push(each);
        taken += more;
      } else left.push(each);
    }
    pending = left;
    weight -= taken;
    return group;
  };

  /** Resolves to whether the server was there. */
  const sendAll = async (group: readonly Pending<Call, Result>[]): Promise<boolean> => {
    try {
      const results = await send(group.map(({ call }) => call));
      for (const [index, { resolve }] of group.entries()) resolve(results[index] as Result);
      return true;
    } catch (error) {
      if (!isShared(error) && group.length > 1) {
        // One call's mistake is not its neighbours': each is done again, alone.
        for (const each of group) await sendAll([each]);
        return true;
      }
      // Those behind would wait as long again for the same answer.
      const others = isShared(error) ? pending.splice(0) : [];
      if (isShared(error)) weight = 0;
      for (const { reject } of [...group, ...others]) reject(error);
      return !isShared(error);
    }
  };

  const restFor = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const work = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    while (pending.length > 0) {
      const began = performance.now();
      const wasThere = await sendAll(take());
      const ms = restMs(performance.now() - began);
      if (wasThere && ms > 0 && !isHurried && weight < limit) await restFor(ms);
    }
    working = null;
  };

  return {
    add: (call) =>
      new Promise((resolve, reject) => {
        pending.push({ call, resolve, reject });
        weight += weightOf(call);
        if (weight >= limit) wake();
        working ??= work();
      }),
    async settled() {
      isHurried = true;
      wake();
      while (working !== null) await working;
      isHurried = false;
    },
  };
};
