import { ask } from '@ensemble/ui';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Admission } from '../admission.ts';
import type { Keys } from './check.ts';
import { type Door, present, report, type Verdict } from './doorkeeper.ts';
import { type Kept, nothingKept } from './keeping.ts';

const tokenName = 'ensemble.steward';
const keptName = 'ensemble.door';
const keysName = 'ensemble.door.keys';

const read = <Value>(name: string): Value | undefined => {
  const text = localStorage.getItem(name);
  return text === null ? undefined : JSON.parse(text);
};

/** The steward's token: until this window is closed. */
export const useToken = (): [string | null, (token: string | null) => void] => {
  const [token, setToken] = useState(() => sessionStorage.getItem(tokenName));
  const choose = useCallback((next: string | null) => {
    if (next === null) sessionStorage.removeItem(tokenName);
    else sessionStorage.setItem(tokenName, next);
    setToken(next);
  }, []);
  return [token, choose];
};

/** Between two tries to tell of those who were let in without asking, in milliseconds. */
const againMs = 3_000;

/** A door, and what it has decided last. */
export interface AtDoor {
  readonly kept: Kept;
  /** The last verdict, and its number: two that read alike are two all the same. */
  readonly verdict: { readonly number: number; readonly said: Verdict } | undefined;
  readonly isAsking: boolean;
  show(code: string): void;
  /** What turned out to be wrong was seen to. */
  dismiss(key: string): void;
}

/** @param token the steward's */
export const useDoor = (token: string): AtDoor => {
  const [kept, setKept] = useState<Kept>(() => read(keptName) ?? nothingKept);
  const [verdict, setVerdict] = useState<AtDoor['verdict']>();
  const [asking, setAsking] = useState(0);
  const shown = useRef(0);

  useEffect(() => {
    const fetchKeys = async (): Promise<void> => {
      localStorage.setItem(keysName, JSON.stringify(await ask<Keys>('/keys')));
    };
    // Those from the last time will do until the server answers again.
    fetchKeys().catch(() => undefined);
  }, []);

  const door = useMemo<Door>(
    () => ({
      admit: (idempotencyKey, body, signal) =>
        ask<Admission>('/admissions', { method: 'POST', token, idempotencyKey, body, signal }),
      keys: () => read(keysName),
      // Kept where two windows at one door find it.
      kept: () => read(keptName) ?? nothingKept,
      keep: (next) => {
        localStorage.setItem(keptName, JSON.stringify(next));
        setKept(next);
      },
    }),
    [token],
  );

  const waits = kept.pending.length > 0;
  useEffect(() => {
    if (!waits) return undefined;
    let isOver = false;
    let timer: number | undefined;
    const turn = async (): Promise<void> => {
      const isDone = await report(door);
      if (!isDone && !isOver) timer = window.setTimeout(() => void turn(), againMs);
    };
    timer = window.setTimeout(() => void turn(), againMs);
    return () => {
      isOver = true;
      window.clearTimeout(timer);
    };
  }, [door, waits]);

  const show = useCallback(
    (code: string) => {
      setAsking((count) => count + 1);
      const number = (shown.current += 1);
      const said = present(door, code).catch((error: unknown): Verdict => ({
        kind: 'cannot',
        why: String(error),
      }));
      void said.then((next) => {
        setAsking((count) => count - 1);
        // The last code that was shown counts, whichever is answered last.
        setVerdict((last) => ((last?.number ?? 0) > number ? last : { number, said: next }));
      });
    },
    [door],
  );

  const dismiss = (key: string): void => {
    const now = door.kept();
    door.keep({ ...now, troubles: now.troubles.filter((each) => each.key !== key) });
  };

  return { kept, verdict, isAsking: asking > 0, show, dismiss };
};
