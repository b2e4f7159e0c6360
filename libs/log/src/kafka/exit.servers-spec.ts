import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { brokers } from './spec-kit.ts';

/** Does everything once, and ends by having nothing left to do. */
const program = `
  const [, adapter, brokers] = process.argv;
  const { kafkaLog } = await import(adapter);
  const log = kafkaLog({
    brokers: brokers.split(','),
    partitions: 4,
    clientId: 'exit',
    onStuck: (reason) => { throw new Error(reason); },
    onTrouble: ({ message }) => console.error(message),
  });
  const topic = 'exit-' + Date.now().toString(36);
  await log.declare([{ name: topic }]);
  const handled = Promise.withResolvers();
  const consumer = log.consume({
    group: topic,
    topics: [topic],
    assigned() {},
    revoked() {},
    handle: async () => handled.resolve(),
  });
  await log.append([{ topic, key: 'k', value: Buffer.from('x'), headers: {} }]);
  await handled.promise;
  const reader = log.read({ topics: 'all', from: 'start', onRecords() {} });
  await reader.caughtUp;
  await log.committed(topic, [topic]);
  await reader.stop();
  await consumer.stop();
  await log.close();
  const closed = performance.now();
  process.on('exit', () => console.log(performance.now() - closed));`;

describe('a process that uses the log', () => {
  it('K23: ends by itself once it has stopped, and Node and kafkajs had nothing to say', async () => {
    const adapter = import.meta.resolve('../kafka.ts');
    const args = ['--input-type=module', '--eval', program, adapter, brokers.join()];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const [said, complained, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit'),
    ]);
    expect(complained).toBe('');
    expect(Number(said)).toBeLessThan(1_000);
    expect(code).toBe(0);
  });
});
