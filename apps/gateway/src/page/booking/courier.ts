import { type Act, after, type Happening, type Refusal, type Submission } from './submission.ts';

/** Where acts are kept: what the browser calls Storage. */
export type Keep = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** What a courier works with. */
export interface Means<Body, Answer> {
  /** Under which name its act is kept: one courier for each. */
  readonly name: string;
  /** Keeps an act over a reload until it is answered, and no longer: it may hold personal data. */
  readonly keep: Keep;
  /** A new Idempotency-Key. */
  readonly newKey: () => string;
  /** Sends an act once. */
  readonly send: (act: Act<Body>) => Promise<Answer>;
  /** What the page understands of a send that rejected. */
  readonly refusalOf: (error: unknown) => Refusal;
  /** Does something later, and returns what calls it off. */
  readonly later: (ms: number, work: () => void) => () => void;
}

/** Carries one act at a time to the server, until it is answered. */
export interface Courier<Body, Answer> {
  readonly state: () => Submission<Body, Answer>;
  /** Calls back after every change, until the function that it returns is called. */
  readonly subscribe: (changed: () => void) => () => void;
  /** Takes an act; one that is under way stays the one it is. */
  readonly press: (body: Body) => void;
  /** Sends again what waits: the connection is back, or somebody looks. */
  readonly wake: () => void;
  /** The customer has read what became of it. */
  readonly read: () => void;
}

const parsed = <Body>(text: string): Act<Body> | undefined => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not written by us: nothing to send
  }
};

/** A courier; it goes on with what was kept when the page was left. */
export const courier = <Body, Answer>({
  name,
  keep,
  newKey,
  send,
  refusalOf,
  later,
}: Means<Body, Answer>): Courier<Body, Answer> => {
  let submission: Submission<Body, Answer> = { at: 'rest' };
  let callOff = (): void => undefined;
  const hearers = new Set<() => void>();
  const kept = `ensemble.act.${name}`;

  const happen = (happening: Happening<Body, Answer>): void => {
    const next = after(submission, happening);
    if (next === submission) return;
    submission = next;
    callOff();
    if (next.at === 'sending') {
      // On record before it is sent: whoever reloads now sends the same again.
      keep.setItem(kept, JSON.stringify(next.act));
      void carry(next.act);
    } else if (next.at === 'waiting') callOff = later(next.waitMs, wake);
    else keep.removeItem(kept);
    for (const changed of hearers) changed();
  };

  const carry = async (act: Act<Body>): Promise<void> => {
    try {
      happen({ type: 'answered', answer: await send(act) });
    } catch (error) {
      happen({ type: 'refused', refusal: refusalOf(error) });
    }
  };

  const wake = (): void => happen({ type: 'woken' });

  const found = keep.getItem(kept);
  const act = found === null ? undefined : parsed<Body>(found);
  if (act !== undefined) happen({ type: 'pressed', act });

  return {
    state: () => submission,
    subscribe: (changed) => {
      hearers.add(changed);
      return () => hearers.delete(changed);
    },
    press: (body) => happen({ type: 'pressed', act: { key: newKey(), body } }),
    wake,
    read: () => happen({ type: 'read' }),
  };
};
