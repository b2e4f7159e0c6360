import { controlToken, type DataLock, opsServer, redrive, type Replayed } from '@ensemble/host';
import type { Kit } from './kit.ts';
import { serviceNames } from './names.ts';

/** Opens the operations server of the process. */
export const openOperations = async (
  { config, services, operators, addresses, replays, registry, warn }: Kit,
  { lock }: { lock: DataLock },
): Promise<void> => {
  const control = controlToken(lock.dir);
  const app = opsServer({
    status: () => services.status(),
    metrics: () => registry.render(),
    services: serviceNames,
    redrive: (service, id) => redrive(services.log, service, { id }),
    replay: (service) => replayIn(replays, service),
    tokens: () => [...operators.values(), control],
    failed: (error) => warn('an operation', error),
  });
  const { HOST: host, OPS_PORT: port } = config;
  const url = await services.serve(app, { host, port, variable: 'OPS_PORT' });
  addresses.set('operations', url);
};

/** Builds the read models of a service anew, if it has any and they are at hand here. */
export const replayIn = async (replays: Kit['replays'], service: string): Promise<Replayed> => {
  const replay = replays.get(service);
  if (replay !== undefined) return { built: true, done: await replay() };
  const done =
    service === 'gateway'
      ? 'gateway does not run in this process: start gateway, or stop the system'
      : `${service} has nothing to be built anew: only gateway keeps read models`;
  return { built: false, done };
};
