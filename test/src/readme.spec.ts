import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { variablesTable } from '@ensemble/host';
import { readme } from './readme.ts';

const root = join(import.meta.dirname, '../..');

/** A table without what prettier does to it: blanks around bars, and the length of rules. */
const plain = (table = ''): string =>
  table
    .trim()
    .replaceAll(/ *\| */g, '|')
    .replaceAll(/-{3,}/g, '---');

describe('the README', () => {
  it('lists the configuration as it is', () => {
    const [, listed] = readme.split('<!-- configuration -->');
    expect(plain(listed)).toBe(plain(variablesTable()));
  });

  it('names only commands that exist', () => {
    const manifest = readFileSync(join(root, 'package.json'), 'utf8');
    const scripts: Record<string, string> = JSON.parse(manifest).scripts;
    const named = [...readme.matchAll(/npm (?:run )?(start|test|[a-z-]+)(?=[ `\n])/g)].map(
      ([, name = '']) => name,
    );
    const missing = named.filter((name) => !(name in scripts) && !['ci', 'run'].includes(name));
    expect(missing).toEqual([]);
  });
});
