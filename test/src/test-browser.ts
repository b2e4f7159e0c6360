/**
 * Runs the specs that look at the pages in a real Chromium:
 * `npm run test:browser [-- <what jest understands>]`. The last line is `N passed, N failed`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { chromiumFound, howToInstall } from './browser/chromium.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

if (chromiumFound() === undefined) {
  say(`The tests in a browser are skipped: this machine has no Chromium. ${howToInstall}`);
  say('0 passed, 0 failed');
} else {
  const jest = 'run --silent jest -- --config jest.browser.config.mjs'.split(' ');
  const child = spawn('npm', [...jest, ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl-C ends jest, which ends its browser.
  process.on('SIGINT', () => undefined);
  const [code] = await once(child, 'exit');
  process.exitCode = code ?? 1;
}
