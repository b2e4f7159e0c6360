/**
 * Who may do what on Kafka, generated from the tables of the services:
 * `npm run acls [-- --principal 'User:{service}'] [--apply]`. Prints a line for each rule, then the
 * commands that give the same rights; `--apply` gives them, as the administrator that KAFKA_SASL_*
 * names, any number of times.
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import {
  accessOf,
  type Besides,
  declare,
  monitorAccess,
  operatorAccess,
} from '@ensemble/choreography';
import type { EventType } from '@ensemble/contracts';
import { bookingsModel, seatsModel } from '@ensemble/gateway/read-models';
import {
  CannotStart,
  type Config,
  pairsTopic,
  readConfig,
  reasonOf,
  runCommand,
} from '@ensemble/host';
import type { Access } from '@ensemble/log';
import { type AclRule, applyAcls, commandsOf, lineOf, rulesOf } from '@ensemble/log/kafka-acls';
import { tables } from './tables.ts';

const usage = "npm run acls [-- --principal 'User:{service}'] [--apply]";

/** What a service's table does not tell. */
const besides: Readonly<Record<string, Besides & { readonly reads: readonly EventType[] }>> = {
  gateway: {
    reads: [...bookingsModel.hears, ...seatsModel.hears],
    // Admission: how many bookings it has not answered yet.
    watches: ['seat'],
  },
};

/** What each user needs: one for each service, the monitor, and who redrives by command. */
const accessesOf = (config: Config): ReadonlyMap<string, Access> => {
  const services = tables(config);
  const ofServices = services.map((service) => {
    const { reads, ...rest } = besides[service.name] ?? {};
    const access = accessOf(declare(service, reads), { shared: [pairsTopic], ...rest });
    return [service.name, access] as const;
  });
  const names = services.map(({ name }) => name);
  return new Map([
    ...ofServices,
    ['monitor', monitorAccess(names)],
    ['operator', operatorAccess(names)],
  ]);
};

const readArguments = (): { principal: string; apply: boolean } => {
  try {
    const { values } = parseArgs({
      options: {
        principal: { type: 'string', default: 'User:{service}' },
        apply: { type: 'boolean', default: false },
      },
    });
    if (/^\w+:./.test(values.principal)) return values;
    throw new Error(`expected a principal such as User:{service}, found ${values.principal}`);
  } catch (cause) {
    throw new CannotStart(`${reasonOf(cause)}\nusage: ${usage}`, { cause });
  }
};

const apply = async (config: Config, rules: readonly AclRule[]): Promise<void> => {
  const { KAFKA_BROKERS: brokers, KAFKA_SSL: ssl, KAFKA_SASL: sasl } = config;
  if (brokers === undefined) {
    throw new CannotStart(
      'There is nobody to give rights to: expected KAFKA_BROKERS with --apply.',
    );
  }
  let undeclared;
  try {
    const client = { brokers, clientId: 'ensemble-acls', ssl, ...(sasl && { sasl }) };
    undeclared = await applyAcls(client, rules);
  } catch (cause) {
    throw new CannotStart(reasonOf(cause), { cause });
  }
  console.log(`${rules.length} rules stand.`);
  if (undeclared.length === 0) return;
  console.log('These stand too and come from no table; what is not needed, kafka-acls.sh removes:');
  for (const words of undeclared) console.log(`  ${words}`);
};

await runCommand(async () => {
  const { principal, apply: isToApply } = readArguments();
  const config = readConfig(process.env);
  const byPrincipal = Map.groupBy(accessesOf(config), ([user]) =>
    principal.replaceAll('{service}', user),
  );
  const rules = [...byPrincipal].flatMap(([name, users]) =>
    rulesOf(
      name,
      users.map(([, access]) => access),
    ),
  );
  for (const rule of rules) console.log(lineOf(rule));
  if (isToApply) return apply(config, rules);
  console.log('\nThe same by the tool that comes with Kafka:');
  for (const command of commandsOf(rules)) console.log(command);
});
