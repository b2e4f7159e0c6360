/** Runs the system, or the apps named: `npm start [-- gateway seat payment …]`. */
import process from 'node:process';
import type { Observe } from '@ensemble/choreography';
import { owners } from '@ensemble/contracts';
import {
  CannotStart,
  endInOrder,
  hostServices,
  lockData,
  logged,
  metrics,
  openAdapters,
  processLogger,
  readConfig,
  reasonOf,
  type Services,
  startOrSay,
  systemClock as clock,
} from '@ensemble/host';
import { openers } from './apps.ts';
import { followBookings } from './bookings.ts';
import { type Kit, operatorsOf, places } from './kit.ts';
import { type App, appsNamed } from './names.ts';
import { openOperations } from './operations.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
// Whoever reads the lines may leave; the system stays.
process.stdout.on('error', () => undefined);

const declareTopics = async ({ log }: Services): Promise<void> => {
  try {
    await log.declare(Object.keys(owners).map((name) => ({ name })));
  } catch (cause) {
    throw new CannotStart(cause instanceof Error ? cause.message : String(cause), { cause });
  }
};

const announce = ({ addresses, config, operators }: Kit, apps: readonly App[]): void => {
  const missing = appsNamed([], config).filter((app) => !apps.includes(app));
  const rows: (readonly [what: string, where: string | undefined])[] = [
    ...places.map((what) => [what, addresses.get(what)] as const),
    ['not started', missing.join(', ') || undefined],
    ['data', config.ENSEMBLE_DATA],
  ];
  if (config.OPERATOR_TOKENS === undefined) {
    for (const [name, token] of operators) rows.push([`${name}'s token`, token]);
  }
  say(
    'Ensemble is up. Ctrl-C ends it in order; what is not finished then goes on at the next start.',
  );
  for (const [what, where] of rows) {
    if (where !== undefined) say(`  ${what.padEnd(18)} ${where}`);
  }
};

await startOrSay(async () => {
  const config = readConfig(process.env);
  const apps = appsNamed(process.argv.slice(2), config);
  const lock = lockData(config.ENSEMBLE_DATA);
  process.once('exit', () => lock.release());

  const logger = processLogger();
  const counted = metrics(clock);
  const told = logged(logger, () => clock.now());
  const observe: Observe = (happening, about) => {
    counted.observe(happening, about);
    told(happening, about);
  };
  const services = hostServices({ adapters: openAdapters(config), clock, observe });
  endInOrder({ stop: () => services.stop(), logger, say });
  await declareTopics(services);
  const announced = Promise.withResolvers<void>();
  services.atEnd(
    followBookings(services.log, clock, (line) => void announced.promise.then(() => say(line))),
  );

  const kit: Kit = {
    config,
    services,
    clock,
    observe,
    operators: await operatorsOf(config, services),
    addresses: new Map(),
    replays: new Map(),
    warn: (what, error) => logger.warn({ reason: reasonOf(error) }, `${what} did not work`),
  };
  for (const app of apps) await openers[app](kit);
  await openOperations(kit, { lock, metrics: counted });
  announce(kit, apps);
  announced.resolve();
});
