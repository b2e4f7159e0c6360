import { idOf } from '@ensemble/choreography';
import type { DeclaredFlow } from './declared.ts';
import type { Fact } from './fact.ts';

/** What made a service say something. */
export interface Cause {
  /** The fact at the beginning; undefined if it was a request, or is not known. */
  readonly fact: Fact | undefined;
  /** The to-dos between the fact and what was said. */
  readonly toDos: number;
}

/** How far is searched: places in a decision, and to-dos one after another that said nothing. */
interface Reach {
  readonly first: number;
  readonly second: number;
  /** A to-do that only names itself again: `ticket` does, as long as its key is away. */
  readonly further: number;
}
const near: Reach = { first: 4, second: 2, further: 0 };
const far: Reach = { first: 16, second: 8, further: 30 };

/** Ids of to-dos that are named in an answer to an id, each with how many lie between. */
function* named(
  begin: (id: string, index: number) => string,
  cause: string,
  { first, second, further }: Reach,
): Generator<[id: string, toDos: number]> {
  for (let index = 0; index < first; index += 1) {
    const toDo = begin(cause, index);
    yield [toDo, 1];
    for (let next = 0; next < second; next += 1) {
      let last = begin(toDo, next);
      yield [last, 2];
      for (let more = 0; more < further; more += 1) {
        last = begin(last, 0);
        yield [last, 3 + more];
      }
    }
  }
}

/**
 * What caused each fact of a booking. A to-do has no record on the log, but its id is made from what
 * it was named in answer to; so it is found by trying.
 * @param facts the booking's
 * @param section those about its section
 */
export const causesOf = (
  facts: readonly Fact[],
  section: readonly Fact[],
  { services }: DeclaredFlow,
): ReadonlyMap<Fact, Cause> => {
  const known = new Map([...section, ...facts].map((fact) => [fact.id, fact]));
  const causes = new Map<Fact, Cause>();

  const search = (fact: Fact, reach: Reach): Cause | undefined => {
    const { service, causationId, key, bookingId } = fact;
    const declared = services.get(service);
    if (declared === undefined) return undefined;
    const stream = declared.stream === 'section' ? key : (bookingId ?? key);
    const begin = (id: string, index: number): string => idOf(service, stream, id, index);
    const heard = [...known.values()].filter(({ type }) => declared.hears.includes(type));
    for (const each of heard) {
      for (const [id, toDos] of named(begin, each.id, reach)) {
        if (id === causationId) return { fact: each, toDos };
      }
    }
    // To-dos that said something have their ids on the log.
    for (const said of facts) {
      if (said.service !== service || known.has(said.causationId) || said === fact) continue;
      for (const [id, toDos] of named(begin, said.causationId, reach)) {
        if (id === causationId) return { fact: said, toDos };
      }
    }
    return undefined;
  };

  for (const fact of facts) {
    const direct = known.get(fact.causationId);
    const commanded = (services.get(fact.service)?.hears.length ?? 0) === 0;
    causes.set(
      fact,
      direct !== undefined
        ? { fact: direct, toDos: 0 }
        : commanded
          ? { fact: undefined, toDos: 0 }
          : (search(fact, near) ?? search(fact, far) ?? { fact: undefined, toDos: 0 }),
    );
  }
  return causes;
};
