import type { Settings } from './settings.ts';
import { pause } from './waiting.ts';

/** What is known of a place at one moment. */
export interface Sight {
  /** What place, in words. */
  readonly place: string;
  /** The offset of the record that arrives next. */
  readonly next: number;
  /** The offset after the last record that there is. */
  readonly end: number;
  /** Whether it could take a record in. */
  readonly hasRoom: boolean;
}

/** Tells when what is there does not arrive. */
export interface Watchdog {
  /**
   * Looks at all places.
   * @param now in milliseconds, from any moment on
   * @returns the places where nothing arrived for too long, though it was there and could have
   */
  look(sights: readonly Sight[], now: number): readonly string[];
  /** What was seen until now does not count: nothing could arrive. */
  forgive(): void;
}

export const openWatchdog = (stuckMs: number): Watchdog => {
  const since = new Map<string, { readonly next: number; readonly at: number }>();

  const isStuck = ({ place, next, end, hasRoom }: Sight, now: number): boolean => {
    const seen = since.get(place);
    if (end <= next || !hasRoom) {
      since.delete(place);
      return false;
    }
    if (seen?.next === next) return now - seen.at >= stuckMs;
    since.set(place, { next, at: now });
    return false;
  };

  return {
    look(sights, now) {
      const places = new Set(sights.map(({ place }) => place));
      for (const place of since.keys()) if (!places.has(place)) since.delete(place);
      return sights.filter((sight) => isStuck(sight, now)).map(({ place }) => place);
    },
    forgive: () => since.clear(),
  };
};

export interface WatchOptions {
  /** Who is watched, for the reason that is given. */
  readonly name: string;
  /** Looks at all places; rejects while Kafka is away, when nothing can arrive. */
  readonly sights: () => Promise<readonly Sight[]>;
  readonly signal: AbortSignal;
}

/** Looks are so many times as frequent as what they look for. */
const LOOKS = 6;

/** Watches until the signal is aborted, and says when the process must end. */
export const watch = (
  { limits: { stuckMs }, onStuck }: Settings,
  { name, sights, signal }: WatchOptions,
): void => {
  const watchdog = openWatchdog(stuckMs);
  const look = async (): Promise<void> => {
    try {
      const stuck = watchdog.look(await sights(), performance.now());
      if (stuck.length > 0 && !signal.aborted)
        onStuck(`${name} receives nothing for ${stuckMs} ms: ${stuck.join(', ')}`);
    } catch {
      watchdog.forgive();
    }
  };
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      await pause(stuckMs / LOOKS, signal);
      if (!signal.aborted) await look();
    }
  };
  void run();
};
