import { outer } from './root.ts';

/** What a server did not do, in its words: a problem of RFC 9457, or what can be said without one. */
export class Refused extends Error {
  override readonly name = 'Refused';
  /** The HTTP status; 0 if nobody answered. */
  readonly status: number;
  /** What to do about it, or more of it; may be empty. */
  readonly detail: string;
  /** The problem's code, by which pages know it; `away` if nobody answered, empty if it has none. */
  readonly code: string;
  /** Seconds after which the same may succeed; undefined if it was not said. */
  readonly retryAfterS: number | undefined;
  /** What is wrong where in the body that was sent, by JSON pointers. */
  readonly pointers: readonly string[];
  /** The whole problem, as it came: some say more than all do. */
  readonly problem: Readonly<Record<string, unknown>>;

  constructor(status: number, title: string, more: ErrorOptions & Partial<Particulars> = {}) {
    super(title, more);
    this.status = status;
    this.detail = more.detail ?? '';
    this.code = more.code ?? '';
    this.retryAfterS = more.retryAfterS;
    this.pointers = more.pointers ?? [];
    this.problem = more.problem ?? {};
  }
}

type Particulars = Pick<Refused, 'detail' | 'code' | 'retryAfterS' | 'pointers' | 'problem'>;

/** What is asked. */
export interface Question {
  readonly method?: 'GET' | 'POST';
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as a bearer's. */
  readonly token?: string | undefined;
  /** The same for every try of what is to be done once. */
  readonly idempotencyKey?: string | undefined;
  /** The id of the last event that was heard of a stream, if any was. */
  readonly lastEventId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const pointersIn = (errors: unknown): string[] =>
  Array.isArray(errors) ? errors.map((each: { pointer?: unknown }) => text(each?.pointer)) : [];

const refusal = async (response: Response): Promise<Refused> => {
  const isJson = /\bjson\b/.test(response.headers.get('Content-Type') ?? '');
  const problem: Record<string, unknown> = isJson ? await response.json() : {};
  const title = text(problem.title) || `The server answered ${response.status}.`;
  return new Refused(response.status, title, {
    detail: text(problem.detail),
    code: text(problem.code),
    retryAfterS: Number(response.headers.get('Retry-After') ?? Number.NaN) || undefined,
    pointers: pointersIn(problem.errors),
    problem,
  });
};

/**
 * What comes back, whatever it is; ends when `signal` does.
 * @throws {@link Refused}
 */
export const open = async (
  path: string,
  { method = 'GET', body, token, idempotencyKey, lastEventId, signal }: Question,
  accept: string,
): Promise<Response> => {
  const headers = new Headers({ Accept: accept });
  if (body !== undefined) headers.set('Content-Type', 'application/json');
  if (token !== undefined) headers.set('Authorization', `Bearer ${token}`);
  if (idempotencyKey !== undefined) headers.set('Idempotency-Key', idempotencyKey);
  if (lastEventId) headers.set('Last-Event-ID', lastEventId);
  const asked = fetch(outer(path), {
    method,
    headers,
    signal: signal ?? null,
    body: body === undefined ? null : JSON.stringify(body),
  });
  const response = await asked.catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw new Refused(0, 'Nobody answers.', { code: 'away', cause });
  });
  if (!response.ok) throw await refusal(response);
  return response;
};

/**
 * What the server answers, from JSON. That it is an `Answer` is the contract with the server.
 * @throws {@link Refused}
 */
export const ask = async <Answer>(path: string, question: Question = {}): Promise<Answer> =>
  (await open(path, question, 'application/json')).json();
