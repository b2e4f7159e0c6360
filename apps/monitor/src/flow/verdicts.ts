import type { VerdictKind, VerdictView } from '../views.ts';
import type { Declared, DeclaredFlow } from './declared.ts';
import type { Duty, Owed } from './duties.ts';
import type { Fact } from './fact.ts';
import { duration, oneOfThese } from './words.ts';

/** What is judged: a booking's facts, and what was owed to it. */
export interface Judged {
  readonly bookingId: string;
  readonly facts: readonly Fact[];
  /** Facts about its section. */
  readonly section: readonly Fact[];
  readonly owed: Owed;
}

type Finding = Pick<VerdictView, 'kind' | 'sentence' | 'at' | 'service' | 'event'>;

const finding = (kind: VerdictKind, fact: Fact, sentence: string): Finding => ({
  kind,
  sentence,
  at: fact.at,
  service: fact.service,
  event: fact.type,
});

/** Why a service may not have said something in answer to that, or nothing. */
const objection = (
  fact: Fact,
  cause: Fact | undefined,
  declared: Declared | undefined,
): string | undefined => {
  const { service, type } = fact;
  if (declared === undefined) return `${service} says ${type} and has declared nothing`;
  if (!declared.says.includes(type)) return `${service} says ${type} and does not declare it`;
  const may = declared.reactions.filter(({ says }) => says.includes(type));
  if (cause === undefined) {
    // What is not on the log is a to-do of its own, or a request to it.
    return may.some(({ by }) => by !== 'event')
      ? undefined
      : `${service} says ${type}, and nothing on the log made it do so`;
  }
  return may.some(({ by, to }) => by === 'event' && to === cause.type)
    ? undefined
    : `${service} says ${type} in answer to ${cause.type} and does not declare it`;
};

function* undeclared({ facts, section }: Judged, { services }: DeclaredFlow): Generator<Finding> {
  const known = new Map([...section, ...facts].map((fact) => [fact.id, fact]));
  for (const fact of facts) {
    const why = objection(fact, known.get(fact.causationId), services.get(fact.service));
    if (why !== undefined) yield finding('undeclared edge', fact, `${why}.`);
  }
}

function* contradictions({ facts }: Judged, { exclusive }: DeclaredFlow): Generator<Finding> {
  for (const types of exclusive) {
    const found = types.flatMap((type) => facts.find((fact) => fact.type === type) ?? []);
    const last = found.toSorted((a, b) => a.at - b.at).at(-1);
    if (found.length < 2 || last === undefined) continue;
    const names = oneOfThese(
      found.map(({ type }) => type),
      'and',
    );
    yield finding('exclusive branches', last, `It has ${names}, which exclude each other.`);
  }
}

function* repetitions({ facts }: Judged, { once }: DeclaredFlow): Generator<Finding> {
  const seen = new Set<string>();
  for (const fact of facts) {
    const per = once.get(fact.type);
    if (per === undefined) continue;
    const values = per.map((field) => fact.fields[field] ?? '');
    const what = JSON.stringify([fact.type, ...values]);
    if (seen.has(what)) {
      const about = values.length === 0 ? '' : ` (${values.join(', ')})`;
      const sentence = `${fact.service} says ${fact.type}${about} a second time.`;
      yield finding('duplicate effect', fact, sentence);
    }
    seen.add(what);
  }
}

function* drifts({ facts }: Judged, { services, hearers }: DeclaredFlow): Generator<Finding> {
  for (const fact of facts) {
    const { service, type, version } = fact;
    const declared = services.get(service)?.versions[type];
    if (declared !== undefined && declared !== version) {
      const sentence = `${service} says ${type} in version ${version}; it declares ${declared}.`;
      yield finding('version drift', fact, sentence);
    }
    const behind = (hearers.get(type) ?? []).filter(
      (each) => (services.get(each)?.versions[type] ?? version) < version,
    );
    if (behind.length > 0) {
      const who = oneOfThese(behind, 'and');
      const sentence = `${service} says ${type} in version ${version}, too new for ${who}.`;
      yield finding('version drift', fact, sentence);
    }
  }
}

function* delays({ owed: { duties } }: Judged): Generator<Finding> {
  for (const { owner, on, answer, dueAt } of duties) {
    if (answer === undefined || answer.at <= dueAt) continue;
    const late = duration(answer.at - dueAt);
    yield finding('late', answer, `${owner} answered ${on.type} ${late} late.`);
  }
}

/** How a booking differs from what was declared, whatever time it is now. */
export const verdictsOf = (judged: Judged, flow: DeclaredFlow): VerdictView[] => {
  const { bookingId } = judged;
  return [undeclared, contradictions, repetitions, drifts, delays].flatMap((find) =>
    [...find(judged, flow)].map((found) => ({ ...found, bookingId })),
  );
};

/** An answer that is owed and did not come in time. */
export const missingReaction = (
  bookingId: string,
  { owner, promise, on, dueAt }: Duty,
): VerdictView => ({
  kind: 'missing reaction',
  sentence: `${owner} owes ${oneOfThese(promise.oneOf)} in answer to ${on.type}.`,
  at: dueAt,
  bookingId,
  service: owner,
  event: on.type,
});
