import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const vite = join(dirname(fileURLToPath(import.meta.resolve('vite/package.json'))), 'bin/vite.js');
const dayMs = 86_400_000;

/** What a page is built of. */
export interface PageSources {
  /** The folder with `index.html` and what only this page has. */
  readonly root: string;
  /** Folders whose files it imports; those of this library are taken into account anyway. */
  readonly imports?: readonly string[];
  /** Where built pages are kept: one folder each, named after the page and what it was built of. */
  readonly out: string;
  readonly name: string;
}

/** Tells one state of the sources from another, whatever their dates say. */
const fingerprint = (folders: readonly string[]): string => {
  const hash = createHash('sha256');
  for (const folder of folders) {
    const files = globSync('**/*.{ts,tsx,css,html,svg}', { cwd: folder });
    for (const file of files.toSorted()) {
      if (!file.endsWith('.spec.ts')) hash.update(file).update(readFileSync(join(folder, file)));
    }
  }
  hash.update(readFileSync(fileURLToPath(import.meta.resolve('vite/package.json'))));
  return hash.digest('hex').slice(0, 16);
};

/** Those that nobody has built for a day are of no use to anybody. */
const sweep = (out: string, name: string): void => {
  for (const each of globSync(`${name}-*`, { cwd: out })) {
    const folder = join(out, each);
    const { mtimeMs } = statSync(folder, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
    if (mtimeMs < Date.now() - dayMs) rmSync(folder, { recursive: true, force: true });
  }
};

/**
 * The folder of the built page: `index.html`, and under `assets/` files that are named by their
 * content and never change. Builds it (about a second, in a process of its own, without the network)
 * unless these very sources were built before. Any number of processes may do so at one time.
 */
export const buildPage = async ({
  root,
  imports = [],
  out,
  name,
}: PageSources): Promise<string> => {
  const built = join(out, `${name}-${fingerprint([root, import.meta.dirname, ...imports])}`);
  if (existsSync(built)) return built;
  mkdirSync(out, { recursive: true });
  sweep(out, name);
  const making = join(out, `.${basename(built)}-${process.pid}-${performance.now()}`);
  const flags = [
    '--base',
    './',
    '--outDir',
    making,
    '--assetsInlineLimit',
    '0',
    '--logLevel',
    'warn',
  ];
  try {
    await run(process.execPath, [vite, 'build', root, ...flags], {
      env: { ...process.env, NODE_ENV: 'production' },
    });
    renameSync(making, built);
  } catch (cause) {
    rmSync(making, { recursive: true, force: true });
    // Somebody else was as quick with the same.
    if (existsSync(built)) return built;
    throw new Error(`expected vite to build the page in ${root}, see the cause`, { cause });
  }
  return built;
};
