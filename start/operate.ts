import { existsSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import {
  announcedOps,
  CannotStart,
  type Config,
  controlToken,
  DataInUse,
  hostServices,
  lockData,
  openAdapters,
  readConfig,
  type Services,
  systemClock as clock,
} from '@ensemble/host';
import { serviceNames } from './names.ts';

/** What an operator asks for: a service and, for some commands, one of its letters. */
export interface Order {
  readonly service: string;
  readonly id?: string | undefined;
}

/**
 * Reads an order from the arguments of a command.
 * @throws CannotStart with the usage
 */
export const orderOf = (argv: readonly string[], usage: string): Order => {
  try {
    const { positionals, values } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { id: { type: 'string' } },
    });
    const [service, ...rest] = positionals;
    if (service === undefined || rest.length > 0) throw new Error('expected one service');
    if (!serviceNames.some((name) => name === service)) {
      throw new Error(`there is no service ${service}: expected one of ${serviceNames.join(', ')}`);
    }
    return { service, id: values.id };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : '';
    throw new CannotStart(`${reason}\nusage: ${usage}`, { cause });
  }
};

const ask = async (dir: string, what: string, order: Order): Promise<unknown> => {
  const later = 'it is starting or stopping: try again in a moment';
  const ops = announcedOps(dir);
  if (ops === undefined)
    throw new CannotStart(`The system runs, but does not answer yet; ${later}`);
  let response;
  try {
    response = await fetch(`${ops.url}/${what}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${controlToken(dir)}`, 'content-type': 'application/json' },
      body: JSON.stringify(order),
    });
  } catch (cause) {
    throw new CannotStart(`The system does not answer at ${ops.url}; ${later}`, { cause });
  }
  if (!response.ok) throw new CannotStart(`The system says no: ${await response.text()}`);
  return response.json();
};

/**
 * Has an order carried out: by the system that runs on the data, or, when none does, right here on
 * the files.
 */
export const operate = async (
  what: 'redrive' | 'replay',
  order: Order,
  here: (services: Services, config: Config) => Promise<unknown>,
): Promise<unknown> => {
  const config = readConfig(process.env);
  const { ENSEMBLE_DATA: dir } = config;
  if (!existsSync(dir))
    throw new CannotStart(`There are no data in ${dir}: ENSEMBLE_DATA names them`);
  let lock;
  try {
    lock = lockData(dir);
  } catch (error) {
    if (error instanceof DataInUse) return ask(dir, what, order);
    throw error;
  }
  process.once('exit', () => lock.release());
  const services = hostServices({
    adapters: await openAdapters(config, { warn: () => undefined }),
    clock,
    observe: () => undefined,
  });
  const done = await here(services, config);
  await services.stop();
  return done;
};
