import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { afterAll, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const dir = mkdtempSync(join(tmpdir(), 'ensemble-'));
// PostgreSQL's user passes through.
chmodSync(dir, 0o711);
afterAll(() => rmSync(dir, { recursive: true }));

/** Whether something listens on a port of this machine. */
const answers = async (port: number): Promise<boolean> => {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') throw error;
    return false;
  } finally {
    socket.destroy();
  }
};

it('npm run servers says where both servers are, and ends them in order', async () => {
  const args = ['start/run.mjs', 'test/src/servers.ts', '--dir', dir];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const variables = new Map<string, string>();
  for await (const line of createInterface(child.stdout)) {
    const [, name, value] = /^export (\w+)='(.*)'$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) variables.set(name, value);
    if (variables.size === 2) break;
  }
  const brokers = variables.get('KAFKA_BROKERS') ?? '';
  const mongo = new URL(variables.get('MONGODB_URL') ?? '');
  const ports = [Number(brokers.split(':')[1]), Number(mongo.port)];
  expect(await Promise.all(ports.map(answers))).toEqual([true, true]);

  // As npm hands on the Ctrl-C that the terminal gave everybody.
  child.kill('SIGINT');
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(await Promise.all(ports.map(answers))).toEqual([false, false]);
  expect(existsSync(join(dir, 'kafka/cluster-id'))).toBe(true);
});
