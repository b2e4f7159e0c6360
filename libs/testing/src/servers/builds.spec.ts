import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Build, built, placeOf } from './builds.ts';

const given = process.env['XDG_CACHE_HOME'];
let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ensemble-'));
  mkdirSync(join(dir, 'sources'));
  writeFileSync(join(dir, 'sources/words'), 'hello');
  process.env['XDG_CACHE_HOME'] = join(dir, 'cache');
});
afterEach(() => {
  if (given === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = given;
  rmSync(dir, { recursive: true });
});

/** Counts how often it is made. */
const build = (script = `echo made >> ${dir}/made; cp words result`): Build => ({
  name: 'greeting',
  sources: join(dir, 'sources'),
  command: 'sh',
  args: ['-c', script],
});

describe('a build', () => {
  it('is made of a copy of its sources, in the cache', async () => {
    const place = await built(build());
    expect(place).toMatch(join(dir, 'cache/ensemble/greeting-'));
    expect(readFileSync(join(place, 'result'), 'utf8')).toBe('hello');
    expect(existsSync(join(dir, 'sources/result'))).toBe(false);
  });

  it('is made once, by whoever asks first', async () => {
    const places = await Promise.all([built(build()), built(build()), built(build())]);
    await built(build());
    expect(new Set(places).size).toBe(1);
    expect(readFileSync(join(dir, 'made'), 'utf8')).toBe('made\n');
  });

  it('is another one when its sources are', () => {
    const before = placeOf(build());
    writeFileSync(join(dir, 'sources/words'), 'good morning');
    expect(placeOf(build())).not.toBe(before);
  });

  it('that fails says why, and is made anew by the next', async () => {
    await expect(built(build('echo no network; exit 1'))).rejects.toThrow(
      /expected to build greeting by sh -c .*, it said\nno network/,
    );
    expect(existsSync(placeOf(build()))).toBe(false);
    await built(build());
  });
});
