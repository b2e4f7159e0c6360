import { once } from 'node:events';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { otlpExport } from './otlp.ts';
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

const collector = async (answer: number | 'never') => {
  const bodies: Buffer[] = [];
  const server = createServer((request, response) => {
    if (answer === 'never') return;
    void buffer(request).then((body) => {
      bodies.push(body);
      response.writeHead(answer).end();
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
  return { url: `http://127.0.0.1:${port}/v1/traces`, bodies, end };
};

describe('what is exported', () => {
  it('comes to the collector, of each service under its name', async () => {
    const { url, bodies, end } = await collector(200);
    const exporting = otlpExport(
      { 'service.namespace': 'ensemble' },
      new OTLPTraceExporter({ url }),
    );
    for (let n = 0; n < 10; n += 1) exporting.sink(span(n));
    await exporting.stop(5_000);
    const sent = Buffer.concat(bodies).toString('latin1');
    for (const words of ['seat', 'payment', 'ensemble', 'booking-9']) expect(sent).toContain(words);
    expect(exporting.counts()).toEqual({ taken: 10, sent: 10, lost: 0 });
    await end();
  });

  it.each([
    ['is not there', 'http://127.0.0.1:9/v1/traces'],
    ['does not answer', undefined],
  ])('is lost and counted when the collector %s, and the end waits for nobody', async (_, gone) => {
    const { url, end } = await collector('never');
    const exporting = otlpExport(
      {},
      new OTLPTraceExporter({ url: gone ?? url, timeoutMillis: 300 }),
    );
    for (let n = 0; n < 20_000; n += 1) exporting.sink(span(n));
    const began = performance.now();
    await exporting.stop(200);
    expect(performance.now() - began).toBeLessThan(1_500);
    const { taken, sent, lost } = exporting.counts();
    expect([taken, sent, lost > 0]).toEqual([20_000, 0, true]);
    await end();
  });
});
