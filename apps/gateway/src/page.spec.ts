import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { builtPage } from './page.ts';

/** Of all scripts together, gzipped, in bytes: what a phone far from a city can bear. */
const scriptAtMost = 150_000;

let folder: string;
beforeAll(async () => {
  folder = await builtPage();
});
const read = (file: string): string => readFileSync(join(folder, file), 'utf8');

describe('the customers’ page', () => {
  it('has less script than a slow line can bear', () => {
    const scripts = globSync('**/*.js', { cwd: folder });
    const bytes = scripts.reduce((sum, file) => sum + gzipSync(read(file)).length, 0);
    expect(scripts).not.toEqual([]);
    expect(bytes).toBeLessThan(scriptAtMost);
  });

  it('has nothing within it that its policy would refuse, and names its files relatively', () => {
    const html = read('index.html');
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]* src=)/);
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path);
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) expect(file).toMatch(/^\.\/assets\//);
  });
});
