import type { Request, Settled } from '@ensemble/choreography';
import type { Actor, Chance } from '@ensemble/testing/stage';

/** A request that somebody outside made; repeated, it is the same. */
export interface Asked extends Request {
  /** The service that is asked. */
  readonly of: 'gateway' | 'ticket';
  /** How often it was answered. */
  answers: number;
}

/** A process of the service that answers at this moment. */
export interface Answering {
  submit(request: Request): Promise<Settled>;
}

/** People who ask over a network: answers may be late or lost, and then they ask again. */
export interface Asking {
  /** All requests that were ever made, by id. */
  readonly asked: ReadonlyMap<string, Asked>;
  later(ms: number): Promise<void>;
  /** Asks until it is answered, or only once; tells whether it was answered. */
  ask(request: Asked, isPatient: boolean): Promise<boolean>;
}

const patienceMs = 8_000;

/** @param processes those of a service that answer at this moment */
export const asking = (
  actor: Actor,
  chance: Chance,
  processes: () => readonly Answering[],
): Asking => {
  const asked = new Map<string, Asked>();

  const later = (ms: number): Promise<void> =>
    new Promise((resolve) => void actor.after(ms, 'goes on', resolve));

  const answered = async (request: Asked): Promise<boolean> => {
    const process = chance.pick(processes());
    if (process === undefined) return later(500).then(() => false);
    const settling = process.submit(request).then(
      () => true,
      () => false,
    );
    // Heard in a step of its own, as it comes over a network.
    const heard = new Promise<boolean>((resolve) => {
      void settling.then((is) => actor.soon(`hears ${request.name}`, () => resolve(is)));
    });
    return Promise.race([heard, later(patienceMs).then(() => false)]);
  };

  const ask = async (request: Asked, isPatient: boolean): Promise<boolean> => {
    const known = asked.get(request.id) ?? request;
    asked.set(request.id, known);
    do {
      if (await answered(known)) {
        known.answers += 1;
        return true;
      }
    } while (isPatient);
    return false;
  };

  return { asked, later, ask };
};
