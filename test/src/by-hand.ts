/**
 * Books by hand on the system that runs here as the README says, word for word, in bash. One line;
 * exit code 0 if every answer was the one that the README promises.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { readConfig } from '@ensemble/host';
import { codeBlock } from './readme.ts';

const { HOST, GATEWAY_PORT } = readConfig(process.env);
const block = codeBlock('/api/bookings');

const home = mkdtempSync(join(tmpdir(), 'ensemble-by-hand-'));
// The block stays as it is: curl is told from outside where the gateway is, and to tell the statuses.
const settings = [
  `connect-to = "127.0.0.1:3000:${HOST}:${GATEWAY_PORT}"`,
  'write-out = "%{stderr}%{http_code}\\n"',
];
writeFileSync(join(home, '.curlrc'), `${settings.join('\n')}\n`);

try {
  const { stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', block], {
    encoding: 'utf8',
    env: { ...process.env, CURL_HOME: home },
  });
  if (stderr !== '202\n200\n') throw new Error(`expected 202, 200, found ${stderr}: ${stdout}`);
  const [booked = '', booking = ''] = stdout.trim().split('\n');
  const [{ bookingId }, seen] = [JSON.parse(booked), JSON.parse(booking)];
  if (seen.bookingId !== bookingId) throw new Error(`expected ${bookingId}, found ${booking}`);
  console.log(`booking ${bookingId}, by hand: 202, then ${seen.state}`);
} catch (error) {
  console.error(`by hand: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  rmSync(home, { recursive: true });
}
