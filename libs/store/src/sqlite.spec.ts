import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commit, run, toDo } from './conformance/samples.ts';
import { sqliteStore, type SqliteStoreOptions } from './sqlite.ts';
import { type Store, StoreUnavailable } from './store.ts';

describe('a store in a SQLite file', () => {
  let directory: string;
  let file: string;
  const opened: Store[] = [];

  const open = (options: Partial<SqliteStoreOptions> = {}): Store => {
    const store = sqliteStore({ file, ...options });
    opened.push(store);
    return store;
  };

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ensemble-store-'));
    file = join(directory, 'store.sqlite');
  });
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
    rmSync(directory, { recursive: true });
  });

  it('says of a directory that is not there what to do', () => {
    file = join(directory, 'nowhere', 'store.sqlite');
    expect(() => open()).toThrow(StoreUnavailable);
    expect(() => open()).toThrow(/nowhere.store\.sqlite is unavailable: .*directory must exist/);
  });

  it('says the same of a directory that is a file', () => {
    writeFileSync(join(directory, 'nowhere'), '');
    file = join(directory, 'nowhere', 'store.sqlite');
    expect(() => open()).toThrow(StoreUnavailable);
  });

  it('says so when the disk is full, keeps nothing by halves, and goes on afterwards', async () => {
    const store = open({ maxMb: 1 });
    await store.append(run('seat-1', 1, 1));
    const fact = { document: 'ada', id: '1', body: 'said' };
    const big = (version: number) =>
      commit('seat-1', version, `big-${version}`, { heard: 'x'.repeat(400_000) });
    const beside = store.append(run('seat-2', 1, 1));
    const kept = store.keep('bookings@1', [fact]);
    const full = store.append([big(2), big(3), big(4)]);
    const filed = store.file([toDo('charge')]);
    for (const failed of [beside, kept, full, filed]) {
      await expect(failed).rejects.toThrow(StoreUnavailable);
      await expect(failed).rejects.toThrow(/the disk is full/);
      await expect(failed).rejects.toHaveProperty('cause.errcode', 13);
    }
    expect(await store.load('seat-1', 0)).toHaveLength(1);
    expect(await store.load('seat-2', 0)).toEqual([]);
    expect(await store.due({ partition: 1, before: 10_000, limit: 10 })).toEqual([]);

    expect(await store.append(run('seat-2', 1, 2))).toBe(2);
    expect(await store.append(run('seat-1', 2, 3))).toBe(2);
    await store.keep('bookings@1', [fact]);
    await opened.pop()?.close();
    const after = open();
    expect(await after.load('seat-1', 0)).toHaveLength(3);
    expect(await after.load('seat-2', 0)).toHaveLength(2);
    expect(await after.facts('bookings@1', 'ada')).toEqual([fact]);
  });

  it('lets one call’s mistake not be its neighbours’', async () => {
    const store = open();
    const before = store.append(run('seat-1', 1, 2));
    const mistake = store.file([toDo('charge', { tries: 'many' as unknown as number })]);
    const after = store.append(run('seat-2', 1, 2));
    await expect(mistake).rejects.not.toThrow(StoreUnavailable);
    expect([await before, await after]).toEqual([2, 2]);
  });

  it('rejects what comes after it was closed', async () => {
    const store = open();
    await store.close();
    await expect(store.append(run('seat-1', 1, 1))).rejects.toThrow(/it was closed/);
    await expect(store.load('seat-1', 0)).rejects.toThrow(StoreUnavailable);
  });

  it('does what is pending before it closes', async () => {
    const store = open();
    const pending = store.append(run('seat-1', 1, 1));
    await store.close();
    expect(await pending).toBe(1);
  });

  it('has every commit it acknowledged, and no gap, when its process was killed', async () => {
    const child = spawn(
      process.execPath,
      ['--input-type=module', '--eval', appendForEver, import.meta.resolve('./sqlite.ts'), file],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let acknowledged = 0;
    for await (const chunk of child.stdout) {
      acknowledged += String(chunk).split('\n').length - 1;
      if (acknowledged >= 100 && !child.killed) child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    const store = open();
    let stored = 0;
    for (const stream of ['seat-0', 'seat-1', 'seat-2']) {
      const commits = await store.load(stream, 0);
      expect(commits.map(({ version }) => version)).toEqual(commits.map((_, index) => index + 1));
      stored += commits.length;
    }
    expect(stored).toBeGreaterThanOrEqual(acknowledged);
  });
});

const appendForEver = `
  const [, adapter, file] = process.argv;
  const { sqliteStore } = await import(adapter);
  const store = sqliteStore({ file });
  const commitOf = (stream, version) => ({
    stream, version, cause: String(version), partition: 0, position: null, heard: null,
    says: [], does: [], withdraws: [], settled: 0, at: 0,
  });
  for (let version = 1; ; version += 1) {
    await Promise.all(['seat-0', 'seat-1', 'seat-2'].map(async (stream) => {
      await store.append([commitOf(stream, version)]);
      process.stdout.write(stream + '\\n');
    }));
  }`;
