import { isNewer, type Player, type Sabotage } from '@ensemble/testing/stage';
import type { Mutation } from './cast.ts';
import type { PaymentEffects } from './payment-effects.ts';
import { appending, forgetful, handling, inBackground } from './sabotage.ts';
import { wrongDecisions } from './wrong-decisions.ts';

/** A bug, planted from outside: ports, tables and effects are wrapped, nothing in them knows. */
export type Bug = Sabotage & Mutation;

/** By process, where each event stood when it was delivered last. */
const positions = new WeakMap<Player, Map<string, string>>();
const positionsOf = (player: Player): Map<string, string> => {
  const known = positions.get(player) ?? new Map<string, string>();
  positions.set(player, known);
  return known;
};

const effectsOf = new WeakMap<Player, PaymentEffects>();

/** Bugs that systems like this one have had, each with what it is. */
export const bugs: Readonly<Record<string, Bug>> = {
  ...wrongDecisions,

  'the offset is committed before the input is handled': {
    log: (log) =>
      handling(log, (batch, next) => {
        batch.commit((batch.records.at(-1)?.offset ?? 0) + 1);
        return next(batch);
      }),
  },

  'the input is acknowledged before its events are published': {
    log: (log, player) => ({
      ...log,
      append: async (records) => void inBackground(player, () => log.append(records)),
    }),
  },

  'a failed publish counts as done': {
    log: (log) => ({ ...log, append: (records) => log.append(records).catch(() => undefined) }),
  },

  'events get new ids when they are published again': {
    log: (log) => ({
      ...log,
      append: (records) =>
        log.append(records).catch(() =>
          log.append(
            records.map(({ headers, ...record }) => ({
              ...record,
              headers: { ...headers, ce_id: `${headers['ce_id']}-again` },
            })),
          ),
        ),
    }),
  },

  'the newest event is published first': {
    log: (log) => ({ ...log, append: (records) => log.append(records.toReversed()) }),
  },

  'a copy is known by its offset only': {
    log: (log, player) =>
      handling(log, (batch, next) => {
        for (const { headers, topic, partition, offset } of batch.records) {
          positionsOf(player).set(headers['ce_id'] ?? '', `${topic}/${partition}/${offset}`);
        }
        return next(batch);
      }),
    store: (store, player) => ({
      ...appending(store, (run) =>
        run.map((commit) => ({ ...commit, cause: commit.position ?? commit.cause })),
      ),
      find: (stream, cause) => store.find(stream, positionsOf(player).get(cause) ?? cause),
    }),
  },

  'what comes again is decided again': { store: forgetful },

  'a commit is updated instead of inserted': {
    store: (store, _player, { commits, causes }) => ({
      ...store,
      append: async (run) => {
        const inserted = await store.append(run);
        for (const commit of run.slice(inserted)) {
          const stored = commits.get(commit.stream) ?? [];
          stored[commit.version - 1] = JSON.stringify(commit);
          causes.get(commit.stream)?.set(commit.cause, commit.version - 1);
        }
        return run.length;
      },
    }),
  },

  'a lost race is taken for won': {
    store: (store) => ({
      ...store,
      append: async (run) => {
        await store.append(run);
        return run.length;
      },
    }),
  },

  'a commit is acknowledged before it is stored': {
    store: (store, player) => ({
      ...store,
      append: async (run) => {
        void inBackground(player, () => store.append(run));
        return run.length;
      },
    }),
  },

  'a commit claims that all before it is published': {
    store: (store) =>
      appending(store, (run) => run.map((each) => ({ ...each, settled: each.version - 1 }))),
  },

  'every third to-do is not filed': {
    store: (store) => {
      let filed = 0;
      const isLost = (): boolean => (filed += 1) % 3 === 0;
      return {
        ...store,
        append: async (run) => {
          const stored = await store.append(run);
          await store.unfile(run.flatMap(({ does }) => does.filter(isLost).map(({ id }) => id)));
          return stored;
        },
        file: (toDos) => store.file(toDos.filter(() => !isLost())),
      };
    },
  },

  'what is parked is kept in memory only': {
    store: (store) => ({ ...store, park: async () => {} }),
  },

  'the world is touched before the commit': {
    store: (store, player) => ({
      ...store,
      append: (run) => {
        for (const { name, args } of run.flatMap(({ does }) => does)) {
          if (name === 'confirm')
            void effectsOf.get(player)?.confirm(args as never, { id: '', tries: 0 });
        }
        return store.append(run);
      },
    }),
    effects: (effects, player) => {
      effectsOf.set(player, effects);
      return effects;
    },
  },

  'a reminder does not wait for what stood before it': {
    log: (log) => ({ ...log, ends: async () => ({}) }),
  },

  'a snapshot leaves out what is to be done': {
    store: (store) => ({
      ...store,
      saveSnapshot: ({ body, ...snapshot }) =>
        store.saveSnapshot({ ...snapshot, body: { ...(body as object), open: [] } }),
    }),
  },

  'what was put back is not heard': {
    log: (log) => ({
      ...log,
      consume: ({ topics, ...options }) =>
        log.consume({ ...options, topics: topics.filter((each) => !each.endsWith('.redrive')) }),
    }),
  },

  'an event of a newer version is passed over': {
    log: (log) =>
      handling(log, (batch, next) =>
        next({ ...batch, records: batch.records.filter((record) => !isNewer(record)) }),
      ),
  },
};
