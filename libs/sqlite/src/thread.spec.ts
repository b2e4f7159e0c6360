import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SqliteThread, sqliteThread } from './thread.ts';
import { noteMethods, type Notes, notesKind, NotesUnavailable } from './thread/spec-kit.ts';

describe('a thread of SQLite files', () => {
  let directory: string;
  let file: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ensemble-thread-'));
    file = join(directory, 'notes.sqlite');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const openNotes = (thread: SqliteThread): Notes =>
    thread.begin<Notes>(notesKind, {
      module: import.meta.resolve('./thread/spec-kit.ts'),
      options: { file },
      methods: noteMethods,
    })();

  it('does what it is asked in its order, and fails alone what fails', async () => {
    const thread = sqliteThread();
    const notes = openNotes(thread);
    const before = notes.add('one');
    const twice = notes.add('one');
    const uncloneable = notes.add((() => undefined) as unknown as string);
    const after = notes.add('two');
    await expect(twice).rejects.toThrow('UNIQUE');
    await expect(twice).rejects.not.toThrow(NotesUnavailable);
    await expect(uncloneable).rejects.toThrow('could not be cloned');
    await Promise.all([before, after]);
    expect(await notes.all()).toEqual([['one'], ['two']]);
    await notes.close();
    await expect(notes.all()).rejects.toThrow(NotesUnavailable);
    await thread.end();
  });

  it('says why it cannot open', async () => {
    const thread = sqliteThread();
    file = join(directory, 'nowhere', 'notes.sqlite');
    expect(() => openNotes(thread)).toThrow(NotesUnavailable);
    expect(() => openNotes(thread)).toThrow(/directory must exist/);
    await thread.end();
  });

  it('rejects every call when it was ended', async () => {
    const thread = sqliteThread();
    const notes = openNotes(thread);
    await notes.close();
    await thread.end();
    await expect(notes.all()).rejects.toThrow(NotesUnavailable);
    expect(() => openNotes(thread)).toThrow(NotesUnavailable);
  });

  const play = async (how: string) => {
    // A file, for a thread inherits the flags of a program given in the command line.
    const program = join(directory, 'lose.mjs');
    writeFileSync(program, lose);
    const child = spawn(
      process.execPath,
      [
        program,
        import.meta.resolve('./thread.ts'),
        import.meta.resolve('./thread/spec-kit.ts'),
        file,
        how,
      ],
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
    expect(err).toContain('The thread of the SQLite files ended');
  });

  it('rejects every call when it dies, and tells its process once', async () => {
    const { out } = await play('watched');
    expect(out).toEqual([
      'later: NotesUnavailable',
      'pending: NotesUnavailable',
      'pending: NotesUnavailable',
      'uncaught: Error',
    ]);
  });
});

/** A process whose thread is taken from it. */
const lose = `
  import threads from 'node:worker_threads';
  import { syncBuiltinESMExports } from 'node:module';
  const [, , adapter, kit, file, how] = process.argv;
  const { Worker } = threads;
  let worker;
  threads.Worker = class extends Worker {
    constructor(...given) {
      super(...given);
      worker = this;
    }
  };
  syncBuiltinESMExports();
  const { sqliteThread } = await import(adapter);
  const { notesKind, noteMethods: methods } = await import(kit);
  const tell = (what) => (error) => console.log(what + ': ' + error.name);
  if (how === 'watched') process.on('uncaughtException', tell('uncaught'));
  const notes = sqliteThread().begin(notesKind, { module: kit, options: { file }, methods })();
  const pending = [notes.all(), notes.add('one')];
  const told = pending.map((each) => each.catch(tell('pending')));
  void worker.terminate();
  await Promise.all(told);
  await notes.all().catch(tell('later'));
  setTimeout(() => {}, 200);`;
