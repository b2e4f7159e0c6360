import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { run } from './conformance/samples.ts';
import { type Json, StoreUnavailable } from './store.ts';
import { storeThread } from './thread.ts';

describe('a thread of stores', () => {
  let directory: string;
  let file: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ensemble-thread-'));
    file = join(directory, 'store.sqlite');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('fails a call that JSON cannot hold, or its answer, and no other', async () => {
    const thread = storeThread();
    const store = thread.open({ file });
    const fact = { document: 'ada', id: '1', body: 'said' };
    await store.keep('bookings', [fact, { ...fact, document: 'bob' }]);
    const beside = new DatabaseSync(file);
    // Deeper than JSON.stringify can go, though JSON.parse reads it.
    const deep = '['.repeat(500_000) + ']'.repeat(500_000);
    beside.prepare(`UPDATE facts SET body = ? WHERE document = 2`).run(deep);
    beside.close();

    const before = store.append(run('seat-1', 1, 2));
    const unanswerable = store.facts('bookings', 'bob');
    const unaskable = store.keep('bookings', [{ ...fact, id: '2', body: 2n as unknown as Json }]);
    const after = store.facts('bookings', 'ada');
    await expect(unanswerable).rejects.toThrow('Maximum call stack');
    await expect(unanswerable).rejects.not.toThrow(StoreUnavailable);
    await expect(unaskable).rejects.toThrow('BigInt');
    expect([await before, await after]).toEqual([2, [fact]]);
    await store.close();
    await thread.end();
  });

  it('rejects every call when it was ended', async () => {
    const thread = storeThread();
    const store = thread.open({ file });
    await store.close();
    await thread.end();
    await expect(store.known('')).rejects.toThrow(StoreUnavailable);
    expect(() => thread.open({ file })).toThrow(StoreUnavailable);
  });

  const play = async (how: string) => {
    // A file, for a thread inherits the flags of a program given in the command line.
    const program = join(directory, 'lose.mjs');
    writeFileSync(program, lose);
    const child = spawn(
      process.execPath,
      [program, import.meta.resolve('./thread.ts'), file, how],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => void (out += String(chunk)));
    child.stderr.on('data', (chunk) => void (err += String(chunk)));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, err, out: out.trim().split('\n').sort() };
  };

  it('ends its process when it dies', async () => {
    const { code, err } = await play('unwatched');
    expect(code).toBe(1);
    expect(err).toContain('The thread of the stores ended');
  });

  it('rejects every call when it dies, and tells its process once', async () => {
    const { out } = await play('watched');
    expect(out).toEqual([
      'later: StoreUnavailable',
      'pending: StoreUnavailable',
      'pending: StoreUnavailable',
      'uncaught: StoreUnavailable',
    ]);
  });
});

/** A process whose thread of stores is taken from it. */
const lose = `
  import threads from 'node:worker_threads';
  import { syncBuiltinESMExports } from 'node:module';
  const [, , adapter, file, how] = process.argv;
  const { Worker } = threads;
  let worker;
  threads.Worker = class extends Worker {
    constructor(...given) {
      super(...given);
      worker = this;
    }
  };
  syncBuiltinESMExports();
  const { storeThread } = await import(adapter);
  const tell = (what) => (error) => console.log(what + ': ' + error.name);
  if (how === 'watched') process.on('uncaughtException', tell('uncaught'));
  const store = storeThread().open({ file });
  const pending = [store.known(''), store.facts('bookings', 'ada')];
  const told = pending.map((each) => each.catch(tell('pending')));
  void worker.terminate();
  await Promise.all(told);
  await store.known('').catch(tell('later'));
  setTimeout(() => {}, 200);`;
