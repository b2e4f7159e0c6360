import process from 'node:process';
import type { Observe } from '@ensemble/choreography';
import { owners } from '@ensemble/contracts';
import {
  CannotStart,
  type Config,
  countHappenings,
  endInOrder,
  hostServices,
  lockData,
  logged,
  openAdapters,
  pair,
  processLogger,
  readConfig,
  reasonOf,
  type Services,
  startOrSay,
  systemClock as clock,
  watchProcess,
} from '@ensemble/host';
import {
  flowMeters,
  meteredTelemetry,
  meterSpans,
  noTelemetry,
  preciseNow,
  registry,
} from '@ensemble/telemetry';
import type { ProcessTelemetry } from '@ensemble/telemetry/sdk';
import { openers, preparations } from './apps.ts';
import { followBookings } from './bookings.ts';
import { type Kit, nameHolders, places } from './kit.ts';
import { type App, appsNamed } from './names.ts';
import { openOperations } from './operations.ts';
import { tables, topicsFor } from './tables.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
// Whoever reads the lines may leave; the system stays.
process.stdout.on('error', () => undefined);

/** The provider knows neither log nor store. */
const servicesAmong = (apps: readonly App[], config: Config) =>
  tables(config).filter(({ name }) => apps.some((app) => app === name));

/** Waits for the log and the stores; then makes sure that they are the right ones. */
const prepare = async (services: Services, config: Config, apps: readonly App[]): Promise<void> => {
  const { log } = services;
  const here = servicesAmong(apps, config);
  if (here.length === 0) return;
  try {
    // Nobody needs to know more topics than are its own; the gateway follows all events.
    const followed = apps.includes('gateway') ? Object.keys(owners) : [];
    await services.insist('log', () => log.declare(topicsFor(here, followed)));
    const stores = here.map(({ name }) => [name, services.portsOf(name).store] as const);
    await services.insist('store', () => Promise.all(stores.map(([, store]) => store.known(''))));
    await services.insist('log', () => pair(log, new Map(stores)));
  } catch (cause) {
    if (cause instanceof CannotStart) throw cause;
    throw new CannotStart(cause instanceof Error ? cause.message : String(cause), { cause });
  }
};

const announce = ({ addresses, config, operators, stewards }: Kit, apps: readonly App[]): void => {
  const missing = appsNamed([], config).filter((app) => !apps.includes(app));
  const rows: (readonly [what: string, where: string | undefined])[] = [
    ...places.map((what) => [what, addresses.get(what)] as const),
    ['not started', missing.join(', ') || undefined],
    ['data', config.ENSEMBLE_DATA],
  ];
  const made = [
    ...(config.OPERATOR_TOKENS === undefined ? operators : []),
    ...(config.STEWARD_TOKENS === undefined ? stewards : []),
  ];
  for (const [name, token] of made) rows.push([`${name}'s token`, token]);
  say(
    'Ensemble is up. Ctrl-C ends it in order; what is not finished then goes on at the next start.',
  );
  for (const [what, where] of rows) {
    if (where !== undefined) say(`  ${what.padEnd(18)} ${where}`);
  }
};

/** Runs the apps that the arguments name. */
export const run = (telemetry: ProcessTelemetry | undefined): Promise<void> =>
  startOrSay(() => runApps(telemetry));

const runApps = async (telemetry: ProcessTelemetry | undefined): Promise<void> => {
  const config = readConfig(process.env);
  const apps = appsNamed(process.argv.slice(2), config);
  const lock = lockData(config.ENSEMBLE_DATA);
  process.once('exit', () => lock.release());

  const logger = processLogger();
  const meters = registry();
  const counted = countHappenings(meters);
  const told = logged(logger, () => clock.now());
  const observe: Observe = (happening, about) => {
    counted(happening, about);
    told(happening, about);
  };
  const warn = (what: string, error: unknown): void =>
    logger.warn({ reason: reasonOf(error) }, `${what} did not work`);
  const names = servicesAmong(apps, config).map(({ name }) => name);
  const adapters = await openAdapters(config, { warn }, names);
  const system = config.KAFKA_BROKERS === undefined ? 'ensemble' : 'kafka';
  const flow = flowMeters(meters);
  const services = hostServices({
    adapters,
    clock,
    observe,
    telemetryOf: (service) => {
      const spans = telemetry?.telemetryOf(service, system) ?? noTelemetry;
      return meteredTelemetry(service, flow, spans, preciseNow);
    },
  });
  watchProcess(meters, () => services.parts(), clock);
  if (telemetry !== undefined) meterSpans(meters, telemetry.counts);
  services.atEnd(() => telemetry?.stop());
  endInOrder({ stop: () => services.stop(), logger, say });
  const announced = Promise.withResolvers<void>();
  const kit: Kit = {
    apps,
    config,
    services,
    clock,
    observe,
    operators: new Map(),
    stewards: new Map(),
    addresses: new Map(),
    replays: new Map(),
    registry: meters,
    telemetry,
    warn,
  };
  await openOperations(kit, { lock });
  await prepare(services, config, apps);
  if (apps.includes('gateway')) {
    const tell = (line: string): void => void announced.promise.then(() => say(line));
    services.atEnd(followBookings(services.log, clock, tell));
  }
  await nameHolders(kit);
  for (const app of apps) await preparations[app]?.(kit);
  const watching = apps.includes('monitor') ? openers.monitor(kit) : undefined;
  const open = async (): Promise<void> => {
    for (const app of apps) if (app !== 'monitor') await openers[app](kit);
  };
  // The monitor's thread loads what it needs while the others open.
  await Promise.all([watching, open()]);
  services.started();
  lock.announce({ url: kit.addresses.get('operations') ?? '' });
  announce(kit, apps);
  announced.resolve();
};
