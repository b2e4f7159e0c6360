/**
 * What a customer does once, however often it is pressed, reloaded or sent: one act has one key, and
 * is sent with it until it is answered. Pure: what is to be done about it is the courier's work.
 */
export interface Act<Body> {
  /** The Idempotency-Key: the same for every try. */
  readonly key: string;
  readonly body: Body;
}

/** Why there is no answer yet: nobody answered, or who answered said "not now". */
export type Delay = 'nobody' | 'busy';

/** How an act stands. */
export type Submission<Body, Answer> =
  | { readonly at: 'rest' }
  | { readonly at: 'sending'; readonly act: Act<Body>; readonly tries: number }
  | {
      readonly at: 'waiting';
      readonly act: Act<Body>;
      readonly tries: number;
      readonly why: Delay;
      /** Milliseconds until it is sent again, unless something calls for it sooner. */
      readonly waitMs: number;
    }
  | { readonly at: 'answered'; readonly act: Act<Body>; readonly answer: Answer }
  | { readonly at: 'refused'; readonly act: Act<Body>; readonly refusal: Refusal };

/** A no, as far as the page understands it. */
export interface Refusal {
  /** The HTTP status; 0 if nobody answered. */
  readonly status: number;
  /** The problem's code; empty if there is none. */
  readonly code: string;
  /** Seconds after which the same may succeed, if it was said. */
  readonly retryAfterS: number | undefined;
  /** Which fields are wrong, by JSON pointers into what was sent. */
  readonly pointers: readonly string[];
}

/** What can happen to an act. */
export type Happening<Body, Answer> =
  | { readonly type: 'pressed'; readonly act: Act<Body> }
  | { readonly type: 'answered'; readonly answer: Answer }
  | { readonly type: 'refused'; readonly refusal: Refusal }
  /** Its time has come, or the connection is back, or somebody looks at the page again. */
  | { readonly type: 'woken' }
  /** The customer has read what became of it. */
  | { readonly type: 'read' };

const firstWaitMs = 1_000;
const longestWaitMs = 15_000;

/**
 * Of such a no it is not known whether it was done, or it says itself that it may be later. One
 * without a code is none of the gateway's: somebody between answered.
 */
const mayBeDoneLater = ({ status, code }: Refusal): boolean =>
  status === 0 ||
  status === 408 ||
  status === 429 ||
  status >= 500 ||
  code === '' ||
  code === 'too-early';

const waitMs = (tries: number, { retryAfterS }: Refusal): number =>
  retryAfterS === undefined
    ? Math.min(firstWaitMs * 2 ** (tries - 1), longestWaitMs)
    : retryAfterS * 1_000;

const isUnderWay = <Body, Answer>(submission: Submission<Body, Answer>) =>
  submission.at === 'sending' || submission.at === 'waiting';

/** How an act stands after what happened. What does not fit how it stands changes nothing. */
export const after = <Body, Answer>(
  submission: Submission<Body, Answer>,
  happening: Happening<Body, Answer>,
): Submission<Body, Answer> => {
  switch (happening.type) {
    case 'pressed':
      if (isUnderWay(submission)) return submission;
      return { at: 'sending', act: happening.act, tries: 1 };
    case 'woken':
      if (submission.at !== 'waiting') return submission;
      return { at: 'sending', act: submission.act, tries: submission.tries + 1 };
    case 'read':
      return isUnderWay(submission) ? submission : { at: 'rest' };
    case 'answered':
      if (submission.at !== 'sending') return submission;
      return { at: 'answered', act: submission.act, answer: happening.answer };
    case 'refused':
      return submission.at === 'sending' ? refused(submission, happening.refusal) : submission;
  }
};

const refused = <Body, Answer>(
  { act, tries }: Extract<Submission<Body, Answer>, { at: 'sending' }>,
  refusal: Refusal,
): Submission<Body, Answer> => {
  if (!mayBeDoneLater(refusal)) return { at: 'refused', act, refusal };
  const why = refusal.status === 0 ? 'nobody' : 'busy';
  return { at: 'waiting', act, tries, why, waitMs: waitMs(tries, refusal) };
};
