import { type Edge, edgesOf } from '@ensemble/choreography';
import type { LogRecord } from '@ensemble/log';
import { z } from 'zod';

const types = z.array(z.string());
const promised = z.object({
  on: z.string(),
  oneOf: types,
  withinMs: z.number(),
  given: types.default([]),
  unless: types.default([]),
  after: z.string().optional(),
});

/** A service's table as it stands on the topic `flow`; also of a service that nobody here knows. */
export const declarationSchema = z.object({
  service: z.string().min(1).max(100),
  version: z.number(),
  stream: z.enum(['section', 'booking']).default('booking'),
  hears: types,
  says: types,
  reactions: z
    .array(z.object({ to: z.string(), by: z.enum(['event', 'to-do', 'command']), says: types }))
    .default([]),
  toDos: z
    .array(
      z.object({
        name: z.string(),
        kind: z.enum(['effect', 'reminder']),
        reaches: z.string().optional(),
      }),
    )
    .default([]),
  reads: types.default([]),
  promises: z.array(promised).default([]),
  once: z.array(z.object({ event: z.string(), per: types })).default([]),
  exclusive: z.array(types).default([]),
  versions: z.record(z.string(), z.number()).default({}),
});
export type Declared = z.output<typeof declarationSchema>;

/** A promise, and whose it is. */
export type OwnedPromise = Declared['promises'][number] & { readonly owner: string };

/** The flow as a whole, computed from what each service declares of itself. */
export interface DeclaredFlow {
  readonly services: ReadonlyMap<string, Declared>;
  readonly edges: readonly Edge<string>[];
  readonly promises: readonly OwnedPromise[];
  /** By type of event, the fields for whose values it is said once at most. */
  readonly once: ReadonlyMap<string, readonly string[]>;
  readonly exclusive: readonly (readonly string[])[];
  /** Services that hear an event or read it. */
  readonly hearers: ReadonlyMap<string, readonly string[]>;
}

/** The declaration on a record of the topic `flow`; undefined if it is none. */
export const readDeclaration = ({ value }: LogRecord): Declared | undefined => {
  if (value === null) return undefined;
  try {
    return declarationSchema.safeParse(JSON.parse(Buffer.from(value).toString())).data;
  } catch (error) {
    // Anybody may write there; what is no declaration declares nothing.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/** The flow of these services. */
export const flowOf = (declarations: readonly Declared[]): DeclaredFlow => {
  const hearers = new Map<string, string[]>();
  for (const { service, hears, reads } of declarations) {
    for (const type of new Set([...hears, ...reads])) {
      hearers.set(type, [...(hearers.get(type) ?? []), service]);
    }
  }
  return {
    services: new Map(declarations.map((each) => [each.service, each])),
    edges: edgesOf(declarations),
    promises: declarations.flatMap(({ service: owner, promises }) =>
      promises.map((each) => ({ ...each, owner })),
    ),
    once: new Map(declarations.flatMap(({ once }) => once.map(({ event, per }) => [event, per]))),
    exclusive: declarations.flatMap(({ exclusive }) => exclusive),
    hearers,
  };
};
