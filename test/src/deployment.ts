import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafkaLog } from '@ensemble/log/kafka';
import { host } from '@ensemble/testing/servers';
import { type Instance, instance, somePorts } from './instance.ts';
import { commonEnv, partitions, type System, systemOf } from './system.ts';

/** The system as it runs on servers: each app in processes of its own. */
export interface Deployment extends System {
  /** Those of an app, or of all, in the order in which they were made. */
  instancesOf(app?: string): readonly Instance[];
  /** Where the monitor answers, if there is one. */
  readonly monitorUrl: string;
  /** Makes another instance of an app, which is not started yet. */
  add(app: string): Promise<Instance>;
}

export interface DeploymentOptions {
  /** The variables by which the apps find their servers. */
  readonly servers: { readonly KAFKA_BROKERS: string; readonly MONGODB_URL?: string };
  /** Instances of each service and of the gateway; there is one provider. */
  readonly copies: number;
  /** Whether a monitor runs beside them, to which all send their spans. */
  readonly watched?: boolean;
  readonly env?: Readonly<Record<string, string>> | undefined;
}

const services = ['seat', 'payment', 'ticket', 'notification', 'gateway'];

/** A system on these servers that has not been started yet. */
export const deployment = async ({
  servers,
  copies,
  watched = false,
  env: more = {},
}: DeploymentOptions): Promise<Deployment> => {
  const dir = mkdtempSync(join(tmpdir(), 'ensemble-'));
  const keyFile = join(dir, 'ticket-key.pem');
  const { provider, monitor } = await somePorts();
  const monitorUrl = `http://${host}:${monitor}`;
  const all: Instance[] = [];

  const instancesOf = (app?: string): readonly Instance[] =>
    all.filter(({ name }) => app === undefined || name.startsWith(`${app}-`));

  const add = async (app: string): Promise<Instance> => {
    const name = `${app}-${instancesOf(app).length + 1}`;
    const made = instance({
      name,
      apps: [app],
      data: join(dir, name),
      ports: { ...(await somePorts()), provider, monitor },
      env: {
        ...commonEnv,
        ...servers,
        BOOKING_SECRET: 'secret-of-every-gateway',
        TICKET_KEY_FILE: keyFile,
        ...(watched && { OTEL_EXPORTER_OTLP_ENDPOINT: monitorUrl }),
        ...more,
      },
    });
    all.push(made);
    return made;
  };

  const { urls } = await add('provider');
  if (watched) await add('monitor');
  for (const app of services) for (let copy = 0; copy < copies; copy += 1) await add(app);
  const gateways = instancesOf('gateway');
  const base = systemOf({
    instances: all,
    gateways: gateways.map(({ urls: { gateway } }) => gateway),
    provider: urls.provider,
    commandEnv: { ...gateways[0]?.env, ENSEMBLE_DATA: join(dir, 'command') },
    keyFile,
    dir,
    openLog: () =>
      kafkaLog({
        brokers: servers.KAFKA_BROKERS.split(','),
        partitions,
        clientId: 'test',
        onStuck: (reason) => {
          throw new Error(reason);
        },
      }),
  });

  const prepare = async (): Promise<void> => {
    const { code, err } = await base.command('topics');
    if (code !== 0) throw new Error(`expected topics to be made, found\n${err}`);
  };
  let prepared: Promise<void> | undefined;

  return {
    ...base,
    instancesOf,
    monitorUrl,
    add,
    start: async (...apps) => {
      prepared ??= prepare();
      await prepared;
      const wanted = apps.length === 0 ? all : apps.flatMap((app) => instancesOf(app));
      const strangers = all.filter((each) => each.isRunning() && !wanted.includes(each));
      await Promise.all(strangers.map((each) => each.stop()));
      const missing = wanted.filter((each) => !each.isRunning());
      await Promise.all(missing.map((each) => each.start()));
    },
  };
};
