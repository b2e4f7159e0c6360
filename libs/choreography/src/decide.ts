import {
  type AnyEvent,
  events as definitions,
  placeOf,
  sourceOf,
  writeEvent,
} from '@ensemble/contracts';
import type { Commit, Json, StoredMessage, StoredToDo } from '@ensemble/store';
import { creationContext } from '@ensemble/telemetry';
import { advance, type Fold, recordOf, remember } from './fold.ts';
import { idOf } from './ids.ts';
import { type Decidable, type Input, nameOf, positionOf } from './input.ts';
import type { Context, Decision, Service } from './service.ts';

/** A decision, and what the stream is after it. */
export interface Decided {
  readonly commit: Commit;
  readonly fold: Fold;
}

/** Where nothing is traced, what is said carries on the context of what it is said on. */
const handedOn = (input: Decidable): string | undefined =>
  input.kind === 'event' ? input.event.traceparent : undefined;

/** What is passed to the decision of an input. */
const subjectOf = (input: Decidable): unknown => {
  if (input.kind === 'event') return input.event;
  if (input.kind === 'came') return { ...input.came, id: input.id };
  return { id: input.id, data: input.data, time: input.time };
};

const reactionTo = (service: Service, input: Decidable) => {
  const { kind } = input;
  const table = kind === 'event' ? service.on : kind === 'came' ? service.came : service.commands;
  return table.get(nameOf(input));
};

/**
 * Decides on one input: pure, so that it can be done again. The ids of what is said and done are
 * made from the service, the stream, the input and the place within the decision.
 * @throws whatever the service's own code throws, if it says or does what its table does not
 *   name or breaks a schema (bugs), and if the input's version is newer: the runtime parks the stream
 */
export const decide = (
  service: Service,
  { stream, partition }: { stream: string; partition: number },
  before: Fold,
  input: Input,
  { at, settled }: { at: number; settled: number },
): Decided => {
  if (input.kind === 'newer') throw new Error(`its version of ${input.name} is newer`);
  const state = remember(service, before.state, input);
  const openNow = [...before.open.values()].filter(({ id }) => id !== input.id);
  const context: Context = {
    at,
    isOpen: ({ does }) => openNow.some(({ name }) => name === does),
  };
  const reaction = reactionTo(service, input);
  const decisions: readonly Decision[] =
    reaction?.decide(state as never, subjectOf(input) as never, context) ?? [];

  const events: AnyEvent[] = [];
  const says: StoredMessage[] = [];
  const does: StoredToDo[] = [];
  const withdraws: string[] = [];
  const sequences: Record<string, number> = { ...before.sequences };
  for (const [index, decision] of decisions.entries()) {
    if ('says' in decision) {
      if (!reaction?.says.includes(decision.says)) {
        throw new Error(`${service.name} said ${decision.says} on ${nameOf(input)}, undeclared`);
      }
      const topic = decision.says.slice(0, decision.says.indexOf('.'));
      const sequence = (sequences[topic] ?? 0) + 1;
      sequences[topic] = sequence;
      const eventId = idOf(service.name, stream, input.id, index);
      const event = {
        id: eventId,
        type: decision.says,
        source: sourceOf(service.name),
        time: at,
        version: definitions[decision.says].version,
        ...placeOf(decision.data),
        causationId: input.id,
        sequence,
        traceparent: input.trace ? creationContext(input.trace, eventId) : handedOn(input),
        data: decision.data,
      } as AnyEvent;
      const message = writeEvent(event);
      says.push(message);
      // Remembered as its hearers read it: then it is the same when it is read from the store.
      events.push({ ...event, data: JSON.parse(message.value) } as AnyEvent);
    } else if ('does' in decision) {
      if (!service.does.has(decision.does)) {
        throw new Error(`${service.name} has no to-do ${decision.does}`);
      }
      const id = idOf(service.name, stream, input.id, index);
      const { does: name, args, at: dueAt = at, until } = decision;
      does.push({
        id,
        name,
        // As it will be read from the store; what JSON cannot hold is a bug found here.
        args: JSON.parse(JSON.stringify(args)) as Json,
        dueAt: asMoment(dueAt, name),
        ...(until === undefined ? {} : { until: asMoment(until, name) }),
        ...(input.trace === undefined ? {} : { trace: input.trace }),
      });
    } else {
      const named = openNow.filter(({ name }) => name === decision.withdraws);
      withdraws.push(...named.map(({ id }) => id));
    }
  }

  const commit: Commit = {
    stream,
    version: before.version + 1,
    partition,
    cause: input.id,
    position: positionOf(input),
    heard: heardOf(input, state !== before.state),
    says,
    does,
    withdraws,
    settled,
    at,
    ...(input.trace === undefined ? {} : { trace: input.trace }),
  };
  return { commit, fold: advance(service, before, commit, events) };
};

const asMoment = (time: number, name: string): number => {
  if (Number.isSafeInteger(time)) return time;
  throw new Error(`${name}: expected whole milliseconds since 1970 UTC, found ${time}`);
};

const heardOf = (input: Decidable, learnt: boolean): Json => {
  if (input.kind === 'command') return { command: input.name, fingerprint: input.fingerprint };
  return learnt ? recordOf(input) : null;
};
