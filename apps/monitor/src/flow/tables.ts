import type { LogRecord } from '@ensemble/log';
import type { VerdictView } from '../views.ts';
import { type Declared, type DeclaredFlow, flowOf, readDeclaration } from './declared.ts';
import type { SeenTypes } from './edges.ts';

interface Table {
  readonly declared: Declared;
  readonly offset: number;
  readonly at: number;
}

/** The tables that services put on the topic `flow`. */
export interface Tables {
  /** Takes in a record of it. @returns whether the flow is another one now */
  record(record: LogRecord): boolean;
  flow(): DeclaredFlow;
  /** How what was seen differs from all that was declared, whichever booking it is about. */
  verdicts(seen: SeenTypes): VerdictView[];
}

export const tables = (): Tables => {
  const newest = new Map<string, Table>();
  /** By service, the highest version that it ever declared, and when. */
  const highest = new Map<string, Table>();
  let flow = flowOf([]);

  const drifts = (): VerdictView[] =>
    [...newest].flatMap(([service, { declared, at }]): VerdictView[] => {
      const before = highest.get(service)?.declared.version ?? declared.version;
      if (before <= declared.version) return [];
      const sentence = `${service} runs table version ${declared.version}; it declared ${before} before.`;
      return [{ kind: 'version drift', sentence, at, service }];
    });

  const orphans = (seen: SeenTypes): VerdictView[] =>
    newest.size === 0
      ? []
      : [...seen].flatMap(([event, { first }]): VerdictView[] => {
          if (flow.hearers.has(event)) return [];
          return [{ kind: 'orphan publish', sentence: `Nobody hears ${event}.`, at: first, event }];
        });

  return {
    record: (record) => {
      const declared = readDeclaration(record);
      if (declared === undefined) return false;
      const { service, version } = declared;
      const table = { declared, offset: record.offset, at: record.timestamp };
      if (version > (highest.get(service)?.declared.version ?? -Infinity)) {
        highest.set(service, table);
      }
      if ((newest.get(service)?.offset ?? -1) >= record.offset) return false;
      newest.set(service, table);
      flow = flowOf([...newest.values()].map((each) => each.declared));
      return true;
    },
    flow: () => flow,
    verdicts: (seen) => [...drifts(), ...orphans(seen)],
  };
};
