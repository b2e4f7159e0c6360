import type { ReactNode } from 'react';
import type { Refused } from './ask.ts';
import type { Answered } from './use-answer.ts';

/** Nothing to show, and why that is. */
export const Empty = ({ children }: { children: ReactNode }) => <p className="empty">{children}</p>;

/** What did not work, in the server's words, and a way on. */
export const Trouble = ({ refused, again }: { refused: Refused; again?: () => void }) => (
  <div className="trouble" role="alert">
    <p>
      <strong>{refused.message}</strong> {refused.detail}
    </p>
    {again && (
      <button type="button" onClick={again}>
        Try again
      </button>
    )}
  </div>
);

/** An answer once it is there; what it waits for or why it did not come, until then. */
export const Answer = <T,>({
  of: { answer, refused, isAsking, again },
  children,
}: {
  of: Answered<T>;
  children: (answer: T) => ReactNode;
}) => (
  <>
    {refused && <Trouble refused={refused} again={again} />}
    {answer === undefined && isAsking && !refused && (
      <p className="empty" aria-busy="true">
        Loading …
      </p>
    )}
    {answer !== undefined && children(answer)}
  </>
);
