import { pause } from './waiting.ts';

/**
 * Those who ask while an answer is under way share the next one; an answer is never older than its
 * question. One at a time, and one in `everyMs` at most.
 * @param ask answers many questions at once
 */
export const gathered = <Question, Answer>(
  everyMs: number,
  ask: (questions: readonly Question[]) => Promise<Answer>,
): ((question: Question) => Promise<Answer>) => {
  let asking: Promise<unknown> = Promise.resolve();
  let next: { readonly questions: Question[]; readonly answer: Promise<Answer> } | null = null;
  let asked = -Infinity;

  const answer = async (questions: Question[], before: Promise<unknown>): Promise<Answer> => {
    await before;
    const wait = asked + everyMs - performance.now();
    if (wait > 0) await pause(wait);
    next = null;
    asked = performance.now();
    return ask(questions);
  };

  return (question) => {
    if (next) {
      next.questions.push(question);
      return next.answer;
    }
    const questions = [question];
    next = { questions, answer: answer(questions, asking) };
    asking = next.answer.catch(() => {});
    return next.answer;
  };
};
