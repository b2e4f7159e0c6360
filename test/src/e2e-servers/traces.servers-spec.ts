import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { readConfig } from '@ensemble/host';
import { linksTo } from '@ensemble/monitor';
import { type Jaeger, jaeger, type Servers, startServers } from '@ensemble/testing/servers';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { z } from 'zod';
import { root } from '../deploy/reading.ts';
import { deployment } from '../deployment.ts';
import { golden } from '../traces/stories.ts';
import { describeTraces, edges } from '../traces/traces.ts';

/** `npm run test:servers -- --jaeger`: building it takes minutes. */
const withJaeger = process.env['TEST_WITH_JAEGER'] === '1';
jest.setTimeout(withJaeger ? 900_000 : 240_000);

let servers: Servers;
let backend: Jaeger | undefined;
beforeAll(async () => {
  servers = await startServers();
  if (withJaeger) backend = await jaeger(join(root, 'deploy/observability/jaeger.yaml'));
});
afterAll(async () => {
  await backend?.stop();
  await servers.stop();
});

const { bookingOf, spansOf } = describeTraces(
  ({ env } = {}) => deployment({ servers: servers.env, copies: 1, env }),
  () => backend?.otlp,
);

const found = z.object({
  data: z.array(
    z.object({ traceID: z.string(), spans: z.array(z.object({ spanID: z.string() })) }),
  ),
});
const dependencies = z.object({
  data: z.array(z.object({ parent: z.string(), child: z.string() })),
});

(withJaeger ? describe : describe.skip)('Jaeger', () => {
  const ask = async (path: string): Promise<unknown> =>
    (await fetch(`${backend?.url}/api/${path}`)).json();
  /** The links of docker compose's monitor, as what Jaeger's page asks when they are followed. */
  const asked = (ids: { bookingId: string; traceId?: string }): readonly string[] => {
    const file = readFileSync(join(root, 'deploy/observability/env'), 'utf8');
    const [, TRACE_LINKS] = /^TRACE_LINKS=(.*)$/m.exec(file) ?? [];
    const templates = readConfig({ TRACE_LINKS }).TRACE_LINKS ?? [];
    return linksTo(templates, ids).flatMap(({ url }) => {
      const [, kind, rest = ''] =
        /^http:\/\/localhost:16686\/(trace\/|search)(.*)$/.exec(url) ?? [];
      return kind === undefined ? [] : [`traces${kind === 'search' ? '' : '/'}${rest}`];
    });
  };
  const spanIds = (answer: unknown): readonly string[] =>
    found
      .parse(answer)
      .data.flatMap(({ spans }) => spans.map(({ spanID }) => spanID))
      .toSorted();

  it('finds all spans of a booking by the monitor’s links', async () => {
    const bookingId = bookingOf(golden);
    const spans = spansOf(golden);
    const sent = spans.map(({ spanId }) => spanId).toSorted();
    const [search = ''] = asked({ bookingId });
    expect(spanIds(await ask(search))).toEqual(sent);
    const [trace = ''] = asked({ bookingId, traceId: spans[0]?.traceId ?? '' });
    expect(spanIds(await ask(trace))).toEqual(sent);
  });

  it('draws the edges between the services', async () => {
    const answer = await ask(`dependencies?endTs=${Date.now()}&lookback=3600000`);
    const drawn = dependencies.parse(answer).data.map(({ parent, child }) => `${parent}→${child}`);
    expect(drawn).toEqual(expect.arrayContaining(edges));
  });
});
