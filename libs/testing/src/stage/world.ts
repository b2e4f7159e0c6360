import { nextTick } from 'node:process';
import { type Chance, digest } from './chance.ts';
import { timers } from './timers.ts';

/** Something that acts in a world: a process, a customer, the log itself. */
export interface Actor {
  readonly name: string;
  readonly state: 'up' | 'paused' | 'dead';
  /**
   * Does something in a step of its own, some time soon: chance decides when.
   * @param lands whether it has left the actor already, and may happen though the actor died
   */
  soon(what: string, task: () => void, lands?: boolean): void;
  /** Does something in a step once `ms` milliseconds have passed; the result calls it off. */
  after(ms: number, what: string, task: () => void): () => void;
  /** Does nothing until it is resumed; what it was about to do waits. */
  pause(): void;
  resume(): void;
  /** Does nothing more, for ever. */
  die(): void;
}

/** Time, and the order in which things happen, both drawn by chance: nothing else decides them. */
export interface World {
  /** Milliseconds since 1970 UTC. */
  now(): number;
  /** Steps made. */
  readonly steps: number;
  actor(name: string): Actor;
  /** Ends the run that is under way: it throws this. */
  fail(error: unknown): void;
  /** Adds what happened to the trace. */
  tell(text: string): void;
  /** Of the whole trace: the same seed must make the same. */
  fingerprint(): string;
  /** Makes steps until it is over. @throws {@link Restless} after too many steps */
  run(options: {
    /** Asked when nobody has anything to do at this moment; time passes if it says no. */
    isOver(): boolean;
    /** Over at this moment at the latest. */
    until: number;
    /** Called between two steps; tells whether it did anything. */
    between?(): boolean;
  }): Promise<'over' | 'late'>;
}

/** The world does not come to rest. */
export class Restless extends Error {
  readonly code = 'restless';
  override readonly name = 'Restless';
}

interface Step {
  readonly actor: Inhabitant;
  readonly what: string;
  readonly lands: boolean;
  task(): void;
}
interface Inhabitant {
  readonly name: string;
  state: Actor['state'];
  readonly held: Step[];
}

const landsThoughDead = 0.3;
/** A step takes up to this long, in milliseconds. */
const stepMs = 2;

/** Resolves when all that follows at once has happened: ticks run when no microtask is left. */
const settled = (): Promise<void> => new Promise((resolve) => nextTick(resolve));

/**
 * Makes a world.
 * @param onTrace is given each line of the trace
 */
export const world = ({
  chance,
  beginsAt,
  maxSteps,
  onTrace,
}: {
  chance: Chance;
  beginsAt: number;
  maxSteps: number;
  onTrace?: ((line: string) => void) | undefined;
}): World => {
  const ready: Step[] = [];
  const clock = timers();
  let now = beginsAt;
  let steps = 0;
  let trace = 0;
  let failure: { readonly error: unknown } | null = null;

  const tell = (text: string): void => {
    trace = digest(text, trace);
    onTrace?.(`${((now - beginsAt) / 1000).toFixed(3).padStart(9)} s  ${text}`);
  };

  const actor = (name: string): Actor => {
    const self: Inhabitant = { name, state: 'up', held: [] };
    const soon = (what: string, task: () => void, lands = false): void =>
      void ready.push({ actor: self, what, task, lands });
    return {
      name,
      get state() {
        return self.state;
      },
      soon,
      after: (ms, what, task) => clock.set(now + Math.max(0, ms), () => soon(what, task)),
      pause: () => {
        if (self.state === 'up') self.state = 'paused';
      },
      resume: () => {
        if (self.state !== 'paused') return;
        self.state = 'up';
        ready.push(...self.held.splice(0));
      },
      die: () => {
        self.state = 'dead';
        self.held.length = 0;
      },
    };
  };

  /** One of those that are ready, taken out. */
  const draw = (): Step | undefined => {
    const index = chance.below(ready.length);
    const last = ready.pop();
    if (index >= ready.length) return last;
    const drawn = ready[index];
    if (last !== undefined) ready[index] = last;
    return drawn;
  };

  const make = (step: Step): void => {
    const { what, lands } = step;
    const { name, state, held } = step.actor;
    if (state === 'paused' && !lands) {
      held.push(step);
      return;
    }
    if (state === 'dead' && !(lands && chance.happens(landsThoughDead))) return;
    steps += 1;
    now += chance.below(stepMs + 1);
    clock.ring(now);
    tell(`${name} ${what}`);
    step.task();
  };

  return {
    now: () => now,
    get steps() {
      return steps;
    },
    actor,
    tell,
    fail: (error) => {
      failure ??= { error };
    },
    fingerprint: () => trace.toString(16).padStart(8, '0'),
    run: async ({ isOver, until, between }) => {
      const most = steps + maxSteps;
      for (;;) {
        await settled();
        if (failure !== null) throw failure.error;
        if (between?.() === true) await settled();
        if (now >= until) return 'late';
        const step = draw();
        if (step !== undefined) {
          make(step);
          if (steps > most) throw new Restless(`it does not come to rest in ${maxSteps} steps`);
        } else {
          if (isOver()) return 'over';
          const next = clock.next();
          if (next === undefined) return 'late';
          now = Math.max(now, Math.min(next, until));
          clock.ring(now);
        }
      }
    },
  };
};
