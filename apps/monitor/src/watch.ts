import type { Clock } from '@ensemble/choreography';
import type { Log, LogRecord, Offsets } from '@ensemble/log';
import type { Spans } from './collector/spans.ts';
import type { Knowledge } from './flow/index.ts';
import { behind, groupsOf, lagMeter } from './lags.ts';
import type { Ledger } from './ledger/ledger.ts';

/** What keeps the knowledge up to date. */
export interface Watch {
  /** Resolves when everything that the ledger held at the beginning is known. */
  readonly recalled: Promise<void>;
  /** Takes in what the ledger has just stored. */
  took(records: readonly LogRecord[]): void;
  waitsFor(): readonly string[];
  stop(): Promise<void>;
}

/** What is read of the ledger at a time, between which others have their turn. */
const pageLength = 500;
const tickMs = 1_000;
/** So long the second waits for what the log says of itself; else it goes by what was said before. */
const patienceMs = 250;

/**
 * Feeds the knowledge: what the ledger held, what comes, how far everybody is, and the time, once a
 * second, which waits for nobody.
 * @param options.ticked called after each second
 */
export const watch = ({
  knowledge,
  ledger,
  spans,
  log,
  clock,
  ticked,
  warn,
}: {
  knowledge: Knowledge;
  ledger: Pick<Ledger, 'since' | 'ofBooking' | 'positions'>;
  spans: Pick<Spans, 'counts'>;
  log: Pick<Log, 'topics' | 'ends' | 'committed'>;
  clock: Clock;
  ticked: () => void;
  warn: (what: string, error: unknown) => void;
}): Watch => {
  let stopped = false;
  let hasRecalled = false;
  const pending: LogRecord[] = [];
  let trouble: string | null = null;
  /** Up to this moment everything that was on the log is known. */
  let judged = 0;
  let mark: { readonly at: number; readonly ends: Offsets } = { at: 0, ends: {} };

  let asking: Promise<void> | null = null;

  const failed = (what: string, error: unknown): void => {
    // Who is stopped leaves questions open.
    if (stopped) return;
    trouble = error instanceof Error ? error.message : String(error);
    warn(what, error);
  };

  const recall = async (): Promise<void> => {
    for (let after = 0; !stopped;) {
      const records = await ledger.since(after, pageLength);
      const last = records.at(-1);
      if (last === undefined) break;
      for (const record of records) knowledge.record(record);
      after = last.id;
      await new Promise((resolve) => setImmediate(resolve));
    }
    // What came meanwhile is newer than all that was recalled, and some of it is known by now.
    for (const record of pending.splice(0)) knowledge.record(record);
    hasRecalled = true;
  };

  const measure = lagMeter(log, {
    now: () => clock.now(),
    heard: () => groupsOf(knowledge.declared()),
  });

  /** How far the services and the ledger are, as soon as the log tells. */
  const ask = async (): Promise<void> => {
    try {
      knowledge.groups(await measure());
      const began = clock.now();
      const ends = await log.ends(await log.topics());
      const lacking = behind(ends, ledger.positions());
      knowledge.health({ behind: lacking, spans: spans.counts() });
      // What was not read yet may be the answer that somebody owes: who is behind judges up to the
      // moment of which everything has been read.
      if (lacking === 0) judged = began;
      else if (behind(mark.ends, ledger.positions()) === 0) judged = mark.at;
      if (lacking === 0 || judged === mark.at) mark = { at: began, ends };
      trouble = null;
    } catch (error) {
      failed('asking how far everybody is', error);
    }
  };
  const askPatiently = async (): Promise<void> => {
    asking ??= ask().finally(() => (asking = null));
    const enough = Promise.withResolvers<void>();
    const cancel = clock.after(patienceMs, enough.resolve);
    await Promise.race([asking, enough.promise]);
    cancel();
  };

  const look = async (): Promise<void> => {
    await askPatiently();
    try {
      for (const bookingId of knowledge.wants()) {
        for (const record of await ledger.ofBooking(bookingId)) knowledge.record(record);
      }
      if (hasRecalled) knowledge.tick(judged);
      ticked();
    } catch (error) {
      failed('telling what is going on', error);
    }
  };

  let cancel = (): void => {};
  let looking: Promise<void> = Promise.resolve();
  const lookLater = (): void => {
    cancel = clock.after(tickMs, () => {
      looking = look();
      void looking.then(lookLater);
    });
  };
  lookLater();

  const recalled = recall().catch((error: unknown) => failed('reading the ledger', error));

  return {
    recalled,
    took: (records) => {
      if (hasRecalled) records.forEach(knowledge.record);
      else pending.push(...records);
    },
    waitsFor: () => [
      ...(trouble === null ? [] : [`log or ledger: ${trouble}`]),
      ...(hasRecalled ? [] : ['what the ledger holds to be read']),
    ],
    stop: async () => {
      stopped = true;
      await Promise.all([recalled, looking]);
      cancel();
    },
  };
};
