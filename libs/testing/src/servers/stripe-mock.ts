import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { built } from './builds.ts';
import { stripeMockBuild } from './needs.ts';
import { freePorts, host } from './ports.ts';
import { program } from './program.ts';

/** Stripe's own double of its API: it holds requests to the published description, keeps nothing. */
export interface StripeMock {
  /** Protocol, host and port. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts it; resolves once it serves. */
export const stripeMock = async (): Promise<StripeMock> => {
  const command = join(await built(stripeMockBuild), 'stripe-mock');
  const [port = 0, unused = 0] = await freePorts(2);
  const dir = mkdtempSync(join(tmpdir(), 'ensemble-stripe-'));
  const server = program({
    name: 'stripe-mock',
    command,
    // It listens for HTTPS too, everywhere unless it is told where.
    args: ['-http-addr', `${host}:${port}`, '-https-addr', `${host}:${unused}`],
    log: join(dir, 'log'),
    serves: 'Listening for HTTP',
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(dir, { recursive: true });
  };
  try {
    await server.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `http://${host}:${port}`, stop };
};
