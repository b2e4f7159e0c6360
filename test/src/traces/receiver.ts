import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { readOtlp } from '@ensemble/monitor';
import type { SpanRecord } from '@ensemble/telemetry';
import { host } from '@ensemble/testing/servers';

/** A collector of spans in this process. */
export interface SpanReceiver {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  /** What it was sent so far. */
  spans(): readonly SpanRecord[];
  close(): Promise<void>;
}

/** @param onwards another collector, which is sent the same */
export const spanReceiver = async (onwards?: string): Promise<SpanReceiver> => {
  const received: SpanRecord[] = [];
  const server = createServer((request, response) => {
    const take = async (): Promise<number> => {
      const body = await buffer(request);
      const { spans, rejected } = readOtlp(body, 'protobuf');
      received.push(...spans);
      if (rejected > 0) return 400;
      if (onwards === undefined) return 200;
      const headers = { 'content-type': request.headers['content-type'] ?? '' };
      return (await fetch(`${onwards}${request.url}`, { method: 'POST', headers, body })).status;
    };
    take().then(
      (status) => response.writeHead(status).end(),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}`,
    spans: () => received,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
