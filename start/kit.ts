import { randomBytes } from 'node:crypto';
import type { Clock, Observe } from '@ensemble/choreography';
import type { Config, Services } from '@ensemble/host';
import type { Registry } from '@ensemble/telemetry';
import type { ProcessTelemetry } from '@ensemble/telemetry/sdk';
import type { App } from './names.ts';

/** What answers somewhere, in the order in which people read of it. */
export const places = [
  'book seats',
  'API docs',
  'tickets',
  'door',
  'monitor',
  'operations',
  'provider',
] as const;
type Place = (typeof places)[number];

/** What each app of the process is put together with. */
export interface Kit {
  /** The apps of the process. */
  readonly apps: readonly App[];
  readonly config: Config;
  readonly services: Services;
  readonly clock: Clock;
  readonly observe: Observe;
  /** Who may operate the system, by name; a token each. Nobody yet while the process starts. */
  readonly operators: Map<string, string>;
  /** Who may let in, by the name of the steward or gate; a token each. */
  readonly stewards: Map<string, string>;
  /** Where the apps that were started so far answer, by what is found there. */
  readonly addresses: Map<Place, string>;
  /** What builds a service's read models anew, by service; resolves to what was done, in words. */
  readonly replays: Map<string, () => Promise<string>>;
  /** The metrics of the process. */
  readonly registry: Registry;
  /** What the services of the process tell of their work; undefined when that is turned off. */
  readonly telemetry: ProcessTelemetry | undefined;
  /** Hears of what did not work and will be tried again. */
  readonly warn: (what: string, error: unknown) => void;
}

/**
 * Those that the environment names, else one whose token is made once, where the store of the
 * service that they come to is at hand.
 */
const holdersOf = async (
  given: ReadonlyMap<string, string> | undefined,
  { of, at: app }: { readonly of: string; readonly at: 'gateway' | 'ticket' },
  { services, apps }: Pick<Kit, 'services' | 'apps'>,
): Promise<ReadonlyMap<string, string>> => {
  if (given !== undefined || !apps.includes(app)) return given ?? new Map<string, string>();
  const { store } = services.portsOf(app);
  const fresh = randomBytes(24).toString('base64url');
  const token = await services.insist('store', () => store.once(`${of}-token`, fresh));
  return new Map([[of, token]]);
};

/** Fills in who may operate the system and who may let in. */
export const nameHolders = async (kit: Kit): Promise<void> => {
  const { config, operators, stewards } = kit;
  const found = [
    [operators, await holdersOf(config.OPERATOR_TOKENS, { of: 'operator', at: 'gateway' }, kit)],
    [stewards, await holdersOf(config.STEWARD_TOKENS, { of: 'steward', at: 'ticket' }, kit)],
  ] as const;
  for (const [all, named] of found) for (const [name, token] of named) all.set(name, token);
};
