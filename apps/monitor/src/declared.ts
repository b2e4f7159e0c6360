import { flowTopic, redriveTopic } from '@ensemble/choreography';
import type { LogRecord } from '@ensemble/log';
import { declarationSchema } from './flow/index.ts';

/** What the services say of themselves, as far as the monitor asks them for more than their events. */
export interface DeclaredServices {
  /** Takes in a record of any topic. */
  record(record: LogRecord): void;
  names(): readonly string[];
  /** The types that a service hears; undefined if nobody of this name has said anything. */
  hears(service: string): readonly string[] | undefined;
  /** The topics that each service's group reads. */
  topics(): ReadonlyMap<string, readonly string[]>;
}

export const declaredServices = (): DeclaredServices => {
  const services = new Map<string, { readonly hears: readonly string[]; readonly at: number }>();

  const hearsIn = (value: Uint8Array): readonly string[] | undefined => {
    try {
      const { success, data } = declarationSchema.safeParse(
        JSON.parse(Buffer.from(value).toString()),
      );
      return success ? data.hears : undefined;
    } catch {
      return undefined;
    }
  };

  return {
    record: ({ topic, key, value, offset }) => {
      if (topic !== flowTopic || key === null || value === null) return;
      const hears = hearsIn(value);
      if (hears === undefined || offset < (services.get(key)?.at ?? 0)) return;
      services.set(key, { hears, at: offset });
    },
    names: () => [...services.keys()].sort(),
    hears: (service) => services.get(service)?.hears,
    topics: () =>
      new Map(
        [...services]
          .filter(([, { hears }]) => hears.length > 0)
          .map(([service, { hears }]) => {
            const nouns = hears.map((type) => type.slice(0, type.indexOf('.')));
            return [service, [...new Set([...nouns, redriveTopic(service)])]];
          }),
      ),
  };
};
