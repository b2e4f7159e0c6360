import type { Decision, Reaction, Service } from '@ensemble/choreography';
import type { EventType } from '@ensemble/contracts';
import type { Batch, Log } from '@ensemble/log';
import type { Commit, Store } from '@ensemble/store';
import type { Player } from '@ensemble/testing/stage';

/** How a service decides. */
export type Decide = Reaction<unknown, unknown>['decide'];

/** Changes how a service reacts to one event; it hears it from now on, if it did not. */
export const reacting =
  (name: string, type: EventType, change: (decide: Decide) => Decide) =>
  <S extends Service>(service: S): S => {
    if (service.name !== name) return service;
    const before = service.on.get(type);
    const reaction = {
      says: before?.says ?? service.says,
      decide: change((before?.decide ?? (() => [])) as Decide),
    };
    const on = new Map(service.on).set(type, reaction as never);
    return { ...service, on, hears: [...new Set([...service.hears, type])] };
  };

/** Changes how a service decides on a request. */
export const asked =
  (name: string, command: string, change: (decide: Decide) => Decide) =>
  <S extends Service>(service: S): S => {
    const before = service.commands.get(command);
    if (service.name !== name || before === undefined) return service;
    const reaction = { ...before, decide: change(before.decide as Decide) };
    return { ...service, commands: new Map(service.commands).set(command, reaction) };
  };

/** With the state changed before the decision. */
export const believing =
  (belief: object) =>
  (decide: Decide): Decide =>
  (state, input, context) =>
    decide({ ...(state as object), ...belief }, input, context);

/** With only some of what is decided. */
export const deciding = <S extends Service>(
  service: S,
  keeps: (decision: Decision, input: unknown) => boolean,
): S => {
  const all = (reactions: Service['on']): Service['on'] =>
    new Map(
      [...reactions].map(([name, { decide, ...reaction }]) => [
        name,
        {
          ...reaction,
          decide: (state, input, context) =>
            decide(state, input, context).filter((each) => keeps(each, input)),
        },
      ]),
    );
  return { ...service, on: all(service.on), came: all(service.came) };
};

/** Handles what is delivered in another way. */
export const handling = (
  log: Log,
  handle: (batch: Batch, next: (batch: Batch) => Promise<void>) => Promise<void>,
): Log => ({
  ...log,
  consume: (options) =>
    log.consume({ ...options, handle: (batch) => handle(batch, options.handle) }),
});

/** Does it some time, if the process lives so long. */
export const inBackground = async (player: Player, call: () => Promise<unknown>): Promise<void> => {
  for (;;) {
    try {
      await call();
      return;
    } catch {
      await new Promise<void>((wake) => void player.ports.clock.after(100, wake));
    }
  }
};

/** Stores something else than what was decided. */
export const appending = (store: Store, change: (run: readonly Commit[]) => Commit[]): Store => ({
  ...store,
  append: (run) => store.append(change(run)),
});

/** Decides anew whatever comes again, as if nobody had to remember. */
export const forgetful = (store: Store): Store => {
  let decisions = 0;
  return {
    ...appending(store, (run) =>
      run.map((commit) => {
        decisions += 1;
        return commit.position === null
          ? commit
          : { ...commit, cause: `${commit.cause} ${decisions}` };
      }),
    ),
    find: async () => undefined,
  };
};
