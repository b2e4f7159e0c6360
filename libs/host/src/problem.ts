import { type Response, Router } from 'express';

/** What can go wrong with a request, by code: the status, a title, and what to do. */
export type ProblemKinds = Readonly<
  Record<string, readonly [status: number, title: string, advice: string]>
>;

/** A reason not to do what was asked (RFC 9457). */
export interface ProblemAnswer {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  /** What was expected and what was found. */
  readonly detail: string;
  /** What to do. */
  readonly advice: string;
  /** What is wrong in which place of the request, if it is about places. */
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

/** The problem of a kind, with the advice of its kind. */
export const problemOf = <Kinds extends ProblemKinds>(
  kinds: Kinds,
  code: keyof Kinds & string,
  detail: string,
): ProblemAnswer => {
  const [status = 500, title = '', advice = ''] = kinds[code] ?? [];
  return { status, code, title, detail, advice };
};

const folder = '/problems';

/** Answers with a problem. Its `type` leads to the {@link problemPages} of the same server. */
export const answerProblem = (response: Response, problem: ProblemAnswer): void => {
  response
    .status(problem.status)
    .set('Cache-Control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify({ type: `${folder}/${problem.code}`, ...problem }));
};

/** Pages for people who follow the `type` of a problem: one of each kind, and one of all. */
export const problemPages = (kinds: ProblemKinds): Router => {
  const pages = new Map(
    Object.entries(kinds).map(([code, [status, title, advice]]) => [
      code,
      `${code} (${status})\n\n${title}.\n${advice}\n`,
    ]),
  );
  return Router()
    .get(folder, (_request, response) => {
      response.type('text/plain').send([...pages.values()].join('\n\n'));
    })
    .get(`${folder}/:code`, ({ params: { code } }, response, next) => {
      const page = pages.get(code);
      if (page === undefined) return next();
      response.type('text/plain').send(page);
    });
};
