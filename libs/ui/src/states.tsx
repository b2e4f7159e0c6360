import type { ReactNode } from 'react';
import type { Refused } from './ask.ts';
import { useWords } from './language.tsx';
import type { Answered } from './use-answer.ts';

/** Nothing to show, and why that is. */
export const Empty = ({ children }: { children: ReactNode }) => <p className="empty">{children}</p>;

/** What did not work, in the server's words, and a way on. */
export const Trouble = ({ refused, again }: { refused: Refused; again?: () => void }) => {
  const words = useWords();
  const isAway = refused.code === 'away';
  return (
    <div className="trouble" role="alert">
      <p>
        <strong>{isAway ? words.nobodyAnswers : refused.message}</strong>{' '}
        {isAway ? words.wayIsAway : refused.detail}
      </p>
      {again && (
        <button type="button" onClick={again}>
          {words.again}
        </button>
      )}
    </div>
  );
};

/** An answer once it is there; what it waits for or why it did not come, until then. */
export const Answer = <T,>({
  of: { answer, refused, isAsking, again },
  children,
}: {
  of: Answered<T>;
  children: (answer: T) => ReactNode;
}) => {
  const { loading } = useWords();
  return (
    <>
      {refused && <Trouble refused={refused} again={again} />}
      {answer === undefined && isAsking && !refused && (
        <p className="empty" aria-busy="true">
          {loading}
        </p>
      )}
      {answer !== undefined && children(answer)}
    </>
  );
};
