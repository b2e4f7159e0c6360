import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CannotStart } from './cannot-start.ts';
import { announcedOps, DataInUse, lockData } from './lock.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ensemble-lock-'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** Another process that takes the lock and keeps it. */
const holder = async (dir: string) => {
  const script = `
    const { lockData } = await import(${JSON.stringify(join(import.meta.dirname, 'lock.ts'))});
    lockData(${JSON.stringify(dir)});
    process.stdout.write('held');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
};

describe('the lock on a data directory', () => {
  it('makes the directory and says whose it is', () => {
    const dir = join(root, 'data');
    const lock = lockData(dir);
    expect(readFileSync(join(dir, 'pid'), 'utf8')).toBe(`${process.pid}\n`);
    lock.announce({ url: 'http://127.0.0.1:3009' });
    expect(announcedOps(dir)).toEqual({ url: 'http://127.0.0.1:3009' });
    lock.release();
    expect(existsSync(join(dir, 'pid'))).toBe(false);
    expect(announcedOps(dir)).toBeUndefined();
  });

  it('is had by one, and by the next after the first', () => {
    const first = lockData(root);
    expect(() => lockData(root)).toThrow(DataInUse);
    first.release();
    lockData(root).release();
  });

  it('names the process that has it, and is not left behind by one that was killed', async () => {
    const child = await holder(root);
    expect(() => lockData(root)).toThrow(`in use by process ${child.pid}:`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    lockData(root).release();
  });

  it('says clearly that nothing can be written', () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    for (const dir of [join(file, 'data'), join(root, 'none', 'data'), file]) {
      expect(() => lockData(dir)).toThrow(CannotStart);
      expect(() => lockData(dir)).toThrow(`${dir} cannot be used: `);
    }
  });
});
