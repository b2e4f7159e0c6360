/**
 * Runs a TypeScript entry of the repository, once it is sure that this Node can:
 * `node start/run.mjs start/main.ts [argument …]`, the entry named from the repository's root.
 */
import module from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const needed = [24, 11, 1];
const [, , entry, ...args] = process.argv;

function isNew(version) {
  const found = version.split('.').map(Number);
  const differs = needed.findIndex((part, index) => part !== found[index]);
  return differs === -1 || found[differs] > needed[differs];
}

if (!isNew(process.versions.node)) {
  process.stderr.write(
    `Ensemble runs on Node ${needed.join('.')} or newer and this is ${process.versions.node}: ` +
      'run it by npm (`npm ci`, then `npm start`), which brings the right one.\n',
  );
  process.exit(2);
}
const file = new URL(`../${entry}`, import.meta.url);
process.argv = [process.argv[0], fileURLToPath(file), ...args];
// Threads find the cache by their environment only.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'node-compile-cache');
module.enableCompileCache();
await import(file.href);
