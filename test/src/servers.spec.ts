import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const empty = mkdtempSync(join(tmpdir(), 'ensemble-'));
afterAll(() => rmSync(empty, { recursive: true }));

/** Runs an entry on a machine that has nothing but Node, and never built anything. */
const runBare = (entry: string) =>
  spawnSync(process.execPath, ['start/run.mjs', `test/src/${entry}.ts`], {
    cwd: root,
    env: { PATH: empty, XDG_CACHE_HOME: empty },
    encoding: 'utf8',
  });

const reason =
  'this machine has no Java 17 or newer (java), to run Kafka, ' +
  'no Maven (mvn), to build kafka-4.3.0, no Go (go), to build ferretdb-1.24.0, no ps';

describe('where Java and Go are missing', () => {
  it('the tests on real servers are skipped, and the reason is said', () => {
    const { status, stdout, stderr } = runBare('test-servers');
    expect(stderr).toBe('');
    expect(stdout).toBe(`The tests on real servers are skipped: ${reason}.\n0 passed, 0 failed\n`);
    expect(status).toBe(0);
  });

  it('the servers do not start, and the reason is said', () => {
    const { status, stdout, stderr } = runBare('servers');
    expect([stdout, stderr]).toEqual(['', `The servers cannot run here: ${reason}.\n`]);
    expect(status).toBe(1);
  });
});
