import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The README of the repository. */
export const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');

/** The one block of shell commands in the README that speaks of something. */
export const codeBlock = (ofWhat: string): string => {
  const all = [...readme.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block = '']) => block);
  const blocks = all.filter((block) => block.includes(ofWhat));
  const [block] = blocks;
  if (block === undefined || blocks.length > 1) {
    throw new Error(`expected one block of the README about ${ofWhat}, found ${blocks.length}`);
  }
  return block;
};
