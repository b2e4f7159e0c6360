import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildPage } from './build.ts';

let folder: string;
let root: string;
const sources = () => ({ name: 'small', root, out: join(folder, 'pages') });
const write = (script: string) => writeFileSync(join(root, 'main.tsx'), script);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ensemble-page-'));
  root = join(folder, 'page');
  mkdirSync(root);
  writeFileSync(join(root, 'index.html'), '<script type="module" src="./main.tsx"></script>');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a page', () => {
  it('is built once of the same sources, however many ask for it', async () => {
    write("document.title = 'one';");
    const [built, again] = await Promise.all([buildPage(sources()), buildPage(sources())]);
    expect(again).toBe(built);
    expect(await buildPage(sources())).toBe(built);
    expect(readFileSync(join(built, 'index.html'), 'utf8')).toMatch(/src="\.\/assets\/[\w-]+\.js"/);
    expect(globSync('*', { cwd: join(folder, 'pages') })).toHaveLength(1);
  });

  it('is built anew of other sources', async () => {
    const before = await buildPage(sources());
    write("document.title = 'two';");
    const built = await buildPage(sources());
    expect(built).not.toBe(before);
    const [script = ''] = globSync('assets/*.js', { cwd: built });
    expect(readFileSync(join(built, script), 'utf8')).toContain('two');
  });

  it('is refused with what is wrong with it, and leaves nothing behind', async () => {
    write("document.title = 'three;");
    await expect(buildPage(sources())).rejects.toThrow('expected vite to build the page');
    expect(globSync('.small-*', { cwd: join(folder, 'pages') })).toEqual([]);
  });
});
