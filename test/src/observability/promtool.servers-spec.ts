import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Build, built } from '@ensemble/testing/servers';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { root } from '../deploy/reading.ts';

/** Prometheus's own tool, without the ways of finding targets that are not used here. */
const promtoolBuild: Build = {
  name: 'promtool-0.314.0',
  sources: join(import.meta.dirname, 'promtool'),
  command: 'go',
  args: [
    ...'build -trimpath -buildvcs=false -ldflags=-s -tags=remove_all_sd,enable_dns_sd'.split(' '),
    ...'-o promtool github.com/prometheus/prometheus/cmd/promtool'.split(' '),
  ],
};

let promtool: string;
beforeAll(async () => {
  promtool = join(await built(promtoolBuild), 'promtool');
}, 900_000);

/** @throws with what it says where something is wrong */
const run = async (...args: readonly string[]): Promise<string> =>
  (await promisify(execFile)(promtool, args, { cwd: root })).stdout;

describe('Prometheus', () => {
  it('can read its configuration and the rules', async () => {
    const said = await run('check', 'config', 'deploy/observability/prometheus.yaml');
    expect(said).toMatch(/prometheus\.yaml is valid[\s\S]*SUCCESS: \d+ rules found/);
  });

  it('fires each alert when it should, and not when it should not', async () => {
    const said = await run('test', 'rules', 'test/src/observability/alerts.test.yaml');
    expect(said).toContain('SUCCESS');
  });
});
