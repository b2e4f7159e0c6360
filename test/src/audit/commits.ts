import type { Evidence, Finding, Kept, RawCommit } from './evidence.ts';
import { placeOf } from './events.ts';
import type { Said } from './said.ts';

const nameOf = ({ service, stream, version }: RawCommit): string =>
  `${service}'s ${stream} v${version}`;

/** Versions of a stream are 1, 2, 3, …, and each input is decided once. */
export const streams = ({ commits }: Kept): Finding => {
  const byStream = Map.groupBy(commits, ({ service, stream }) => `${service}'s ${stream}`);
  const violations = [...byStream].flatMap(([stream, those]) => {
    const versions = those.map(({ version }) => version).sort((a, b) => a - b);
    const causes = those.map(({ cause }) => cause);
    const twice = causes.filter((cause, index) => causes.indexOf(cause) < index);
    const unsettled = those.filter(({ body, version }) => body.settled >= version);
    return [
      ...(versions.every((version, index) => version === index + 1)
        ? []
        : [`${stream} has the versions ${versions.join(', ')}`]),
      ...twice.map((cause) => `${stream} decided ${cause} twice`),
      ...unsettled.map((commit) => `${nameOf(commit)} was settled before it was made`),
    ];
  });
  return { what: `commits, in ${byStream.size} streams`, count: commits.length, violations };
};

/** What commits say is on the log byte for byte, and on the log is nothing else. */
export const saying = (
  { commits }: Kept,
  events: readonly Said[],
  { hostile = false }: Evidence,
): Finding => {
  const onLog = new Map(events.map((event) => [event.id, event]));
  const sayers = new Map<string, RawCommit>();
  const violations: string[] = [];
  for (const commit of commits) {
    for (const { topic, key, headers, value } of commit.body.says) {
      const id = headers['ce_id'] ?? '';
      if (sayers.has(id)) violations.push(`event ${id} is said by two commits`);
      sayers.set(id, commit);
      const found = onLog.get(id)?.record;
      const what = `event ${id} of ${nameOf(commit)}`;
      if (found === undefined) violations.push(`${what} is not on ${topic}`);
      else if (
        found.topic !== topic ||
        found.key !== key ||
        !Buffer.from(found.value ?? []).equals(Buffer.from(value)) ||
        !sameHeaders(found.headers, headers)
      ) {
        violations.push(`${what} is another one on the log, at ${placeOf(found)}`);
      }
      if (headers['ce_causationid'] !== commit.cause) {
        violations.push(`${what} names another cause than ${commit.cause}`);
      }
    }
  }
  for (const { id, type, record } of hostile ? [] : events) {
    if (!sayers.has(id)) violations.push(`${type} at ${placeOf(record)} is said by no commit`);
  }
  return { what: 'events said by commits', count: sayers.size, violations };
};

const sameHeaders = (
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>,
): boolean => {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => one[name] === other[name]);
};

/** What each service says that it hears, by service, as it has put it on the topic `flow`. */
const hearers = ({ records }: Evidence): ReadonlyMap<string, readonly string[]> =>
  new Map(
    records
      .filter(({ topic }) => topic === 'flow')
      .map(({ key, value }) => {
        const table = JSON.parse(Buffer.from(value ?? []).toString()) as { hears: string[] };
        return [key ?? '', table.hears] as const;
      }),
  );

/** Every event is decided by everybody who hears it: none was lost on its way. */
export const hearing = (kept: Kept, events: readonly Said[], evidence: Evidence): Finding => {
  const decided = Map.groupBy(kept.commits, ({ service }) => service);
  let count = 0;
  const violations = [...hearers(evidence)].flatMap(([service, hears]) => {
    const causes = new Set(decided.get(service)?.map(({ cause }) => cause));
    const heard = events.filter(({ type }) => hears.includes(type));
    count += heard.length;
    return heard
      .filter(({ id }) => !causes.has(id))
      .map(({ type, record }) => `${service} never decided ${type} at ${placeOf(record)}`);
  });
  return { what: 'events heard by services', count, violations };
};

/** What caused a commit is an event, a to-do of the same stream, or a customer at the gateway. */
export const causes = ({ commits }: Kept, events: readonly Said[]): Finding => {
  const ids = new Set(events.map(({ id }) => id));
  const toDos = new Set(
    commits.flatMap(({ service, stream, body }) =>
      body.does.map(({ id }) => `${service} ${stream} ${id}`),
    ),
  );
  const violations = commits
    .filter(
      ({ service, stream, cause }) =>
        service !== 'gateway' && !ids.has(cause) && !toDos.has(`${service} ${stream} ${cause}`),
    )
    .map((commit) => `${nameOf(commit)} has no cause that is known: ${commit.cause}`);
  return { what: 'causes', count: commits.length, violations };
};

/** Nothing that was named is still to be done. */
export const toDos = ({ commits, parked }: Kept): Finding => {
  const over = new Set(commits.flatMap(({ cause, body }) => [cause, ...body.withdraws]));
  const named = commits.flatMap((commit) => commit.body.does.map((toDo) => ({ commit, ...toDo })));
  return {
    what: 'to-dos',
    count: named.length,
    violations: [
      ...named
        .filter(({ id }) => !over.has(id))
        .map(({ commit, name, id }) => `${name} ${id} of ${nameOf(commit)} is still open`),
      ...Object.entries(parked)
        .filter(([, count]) => count > 0)
        .map(([service, count]) => `${service} has ${count} parked inputs`),
    ],
  };
};
