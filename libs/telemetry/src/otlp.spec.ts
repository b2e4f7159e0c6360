import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { otlpExport, type OtlpSettings, otlpSettings } from './otlp.ts';
import type { SpanRecord } from './span-record.ts';

const span = (n: number): SpanRecord => ({
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: (n + 1).toString(16).padStart(16, '0'),
  service: n % 2 === 0 ? 'seat' : 'payment',
  name: 'process booking.requested',
  kind: 'consumer',
  startMs: 1_790_000_000_000.25,
  endMs: 1_790_000_000_001.5,
  status: 'unset',
  attributes: { 'messaging.message.conversation_id': `booking-${n}` },
  links: [],
});

/** @param answers a status for each request, the last one for all that follow; none: never */
const collector = async (...answers: readonly number[]) => {
  const requests: { headers: IncomingHttpHeaders; url: string | undefined; body: Buffer }[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const { headers, url } = request;
      const status = answers[Math.min(requests.length, answers.length - 1)];
      requests.push({ headers, url, body });
      if (status !== undefined) response.writeHead(status).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const end = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url: `http://127.0.0.1:${port}`, requests, end };
};

const settingsOf = (url: string, env: Readonly<Record<string, string>> = {}): OtlpSettings => {
  const settings = otlpSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: url, ...env });
  if (settings === undefined) throw new Error('expected a collector');
  return settings;
};

describe('what is exported', () => {
  it('is lost, and nothing else, when there is no such address or header', async () => {
    for (const env of [
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'collector:4318' },
      { OTEL_EXPORTER_OTLP_HEADERS: 'a%20key=x' },
    ]) {
      const exporting = otlpExport(settingsOf('http://127.0.0.1:1', env));
      exporting.sink(span(1));
      await exporting.stop(200);
      exporting.sink(span(2));
      expect(exporting.counts()).toEqual({ taken: 2, sent: 0, lost: 2 });
    }
  });

  it('comes to the collector, of each service under its name', async () => {
    const { url, requests, end } = await collector(200);
    const exporting = otlpExport(settingsOf(url));
    for (let n = 0; n < 10; n += 1) exporting.sink(span(n));
    await exporting.stop(5_000);
    const [request, ...more] = requests;
    const sent = request?.body.toString('latin1');
    for (const words of ['seat', 'payment', 'ensemble', 'booking-9']) expect(sent).toContain(words);
    expect([more, request?.url]).toEqual([[], '/v1/traces']);
    expect(exporting.counts()).toEqual({ taken: 10, sent: 10, lost: 0 });
    await end();
  });

  it('waits for more as long as it may, and for no more than a batch', async () => {
    const { url, requests, end } = await collector(200);
    const often = { OTEL_BSP_SCHEDULE_DELAY: '1', OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '4' };
    const exporting = otlpExport(settingsOf(url, often));
    for (let n = 0; n < 9; n += 1) exporting.sink(span(n));
    while (exporting.counts().sent < 9) await new Promise(setImmediate);
    expect(requests).toHaveLength(3);
    await exporting.stop(1_000);
    await end();
  });

  it('is compressed, in JSON and with headers where that is asked for', async () => {
    const { url, requests, end } = await collector(200);
    const exporting = otlpExport(
      settingsOf(url, {
        OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b',
      }),
    );
    exporting.sink(span(7));
    await exporting.stop(5_000);
    const [{ headers, body } = { headers: {}, body: Buffer.alloc(0) }] = requests;
    expect(headers).toMatchObject({ 'x-key': 'a b', 'content-type': 'application/json' });
    expect(JSON.parse(gunzipSync(body).toString())).toMatchObject({
      resourceSpans: [{ scopeSpans: [{ spans: [{ spanId: '0000000000000008' }] }] }],
    });
    await end();
  });

  it('is sent again after an answer that passes, and lost after one that does not', async () => {
    const { url, requests, end } = await collector(503, 200, 400);
    const exporting = otlpExport(settingsOf(url, { OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '5' }));
    for (let n = 0; n < 10; n += 1) exporting.sink(span(n));
    await exporting.stop(20_000);
    expect(requests).toHaveLength(3);
    expect(exporting.counts()).toEqual({ taken: 10, sent: 5, lost: 5 });
    await end();
  });

  it('is sent or lost in the end, each span counted once, when more comes than the queue holds', async () => {
    const { url, end } = await collector(200);
    const exporting = otlpExport(settingsOf(url));
    for (let n = 0; n < 20_000; n += 1) exporting.sink(span(n));
    const before = exporting.counts();
    await exporting.stop(20_000);
    expect(before).toEqual({ taken: 20_000, sent: 0, lost: 3_616 });
    expect(exporting.counts()).toEqual({ taken: 20_000, sent: 16_384, lost: 3_616 });
    await end();
  });

  it.each([
    ['is not there', 'http://127.0.0.1:9'],
    ['does not answer', undefined],
  ])('is lost and counted when the collector %s, and the end waits for nobody', async (_, gone) => {
    const { url, end } = await collector();
    const exporting = otlpExport(settingsOf(gone ?? url));
    for (let n = 0; n < 20_000; n += 1) exporting.sink(span(n));
    const began = performance.now();
    await exporting.stop(200);
    expect(performance.now() - began).toBeLessThan(1_500);
    expect(exporting.counts()).toEqual({ taken: 20_000, sent: 0, lost: 20_000 });
    await end();
  });

  it('that takes too long for one batch is lost, and the next is tried', async () => {
    const { url, requests, end } = await collector();
    const exporting = otlpExport(
      settingsOf(url, { OTEL_EXPORTER_OTLP_TIMEOUT: '20', OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '1' }),
    );
    for (let n = 0; n < 3; n += 1) exporting.sink(span(n));
    while (exporting.counts().lost < 3) await new Promise(setImmediate);
    expect(requests.length).toBeGreaterThan(1);
    await exporting.stop(1_000);
    await end();
  });
});
