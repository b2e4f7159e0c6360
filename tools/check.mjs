/** Everything but the tests: `npm run check`. Stops at the first thing that is wrong. */
import { spawnSync } from 'node:child_process';
import process from 'node:process';

const steps = {
  types: 'tsc -b',
  lint: 'oxlint',
  format: 'prettier --check --log-level warn .',
  'module boundaries and contracts':
    'npm run --silent jest -- --silent contracts/ test/src/boundaries.spec.ts',
};

for (const [name, line] of Object.entries(steps)) {
  const [command, ...args] = line.split(' ');
  const began = performance.now();
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  const took = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${status === 0 ? '✓' : '✗'} ${name} (${took} s)`);
  if (status !== 0) process.exit(1);
}
