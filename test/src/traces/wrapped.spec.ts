import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { SpanRecord } from '@ensemble/telemetry';
import { endsWithThis } from '@ensemble/testing/servers';
import { describe, expect, it } from '@jest/globals';
import { pretendMongo } from './pretend-mongo.ts';

/** The spans of a process that was asked once by HTTP, and asked its database. */
const spansOfProcess = async (): Promise<readonly SpanRecord[]> => {
  const mongo = await pretendMongo();
  const child = fork(join(import.meta.dirname, 'wrapped.process.ts'), [mongo.url], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  endsWithThis(child);
  if (child.stderr === null) throw new Error('expected to read what it prints');
  const printed = text(child.stderr);
  try {
    const failed = once(child, 'exit').then(async ([code]) => {
      throw new Error(`expected it to run; it ended with ${code} after\n${await printed}`);
    });
    const [url] = await Promise.race([once(child, 'message'), failed]);
    await (await fetch(`${url}/problems/not-now`)).text();
    failed.catch(() => undefined);
    child.disconnect();
  } finally {
    if (child.connected) child.kill();
    await printed;
    await mongo.close();
  }
  const lines = (await printed).split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line) as SpanRecord);
};

// Whatever is loaded too early, or by a loader that is not hooked, is looked into by nobody, and
// nothing else says so.
describe('a process of ours', () => {
  it('has express and mongodb looked into, which it imports as ES modules', async () => {
    const spans = await spansOfProcess();
    expect(spans.filter(({ kind }) => kind === 'server')).toMatchObject([
      // Only express knows the route.
      {
        service: 'gateway',
        name: 'GET /problems/:code',
        attributes: { 'http.route': '/problems/:code' },
      },
    ]);
    const commands = spans.filter(({ kind }) => kind === 'client');
    expect(new Set(commands.map(({ service }) => service))).toEqual(new Set(['seat']));
    expect(commands.map(({ attributes }) => attributes['db.operation.name'])).toContain('find');
  }, 60_000);
});
