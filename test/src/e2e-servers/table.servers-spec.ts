import { type Servers, startServers } from '@ensemble/testing/servers';
import { afterAll, expect, it, jest } from '@jest/globals';
import { audit, findings } from '../audit/audit.ts';
import type { Evidence } from '../audit/evidence.ts';
import { recordsOn } from '../audit/kafka.ts';
import { keptInMongo } from '../audit/mongo.ts';
import { deployment } from '../deployment.ts';
import type { Make } from '../e2e/rows.ts';
import { describeTable } from '../e2e/table.ts';
import type { System, SystemOptions } from '../system.ts';

jest.setTimeout(240_000);

interface Open extends Pick<SystemOptions, 'env'> {
  readonly servers: Servers;
  readonly system: System;
  end(): Promise<void>;
}

const open = async (env: SystemOptions['env']): Promise<Open> => {
  const servers = await startServers();
  const system = await deployment({ servers: servers.env, copies: 2, env });
  const end = async (): Promise<void> => {
    await system[Symbol.asyncDispose]();
    await servers.stop();
  };
  return { env, servers, system, end };
};

/** A system takes its time to start: it serves all worlds that need nothing of their own. */
let current: Open | undefined;
const make: Make = async ({ env } = {}) => {
  if (current !== undefined && current.env !== env) await current.end();
  if (current?.env !== env || current === undefined) current = await open(env);
  return { ...current.system, [Symbol.asyncDispose]: () => Promise.resolve() };
};
afterAll(() => current?.end());

describeTable(make, { inTurn: true });

it('leaves nothing behind that the auditor finds', async () => {
  if (current === undefined) throw new Error('expected a system');
  const { system, servers } = current;
  await system.start();
  const evidence: Evidence = {
    records: await recordsOn(servers.kafka.brokers),
    kept: await keptInMongo(servers.mongo.url),
    charges: await system.provider.charges(),
    // One of the rows puts a request straight onto the log.
    hostile: true,
  };
  expect(audit(evidence)).toEqual([]);
  const nothing = findings(evidence).filter(({ count }) => count === 0);
  expect(nothing.map(({ what }) => what)).toEqual([
    'requests accepted',
    // Nobody went to a door in the last of the worlds.
    'seats that somebody came in on',
    'dead letters',
  ]);
});
