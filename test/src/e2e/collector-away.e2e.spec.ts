import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { until } from '@ensemble/start/until';
import { freePorts, host } from '@ensemble/testing/servers';
import { describe, expect, it, jest } from '@jest/globals';
import { system } from '../system.ts';
import { openHouse } from './house.ts';

jest.setTimeout(120_000);

/** Where a collector should be, and what ends it. */
type Make = () => Promise<{ readonly url: string; readonly end: () => void }>;

const nobody: Make = async () => {
  const [port] = await freePorts(1);
  return { url: `http://${host}:${port}`, end: () => undefined };
};
const silent: Make = async () => {
  const server = createServer((socket) => void socket.resume().on('error', () => undefined));
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://${host}:${port}`, end: () => server.close() };
};

describe('a system whose collector', () => {
  it.each([
    ['is not there', nobody],
    ['takes everything and answers nothing', silent],
  ])('%s makes tickets, counts the spans that are lost, and ends in time', async (_, make) => {
    const collector = await make();
    const tested = await system({
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_EXPORTER_OTLP_TIMEOUT: '500',
        OTEL_BSP_SCHEDULE_DELAY: '50',
        OTEL_BSP_MAX_QUEUE_SIZE: '20',
      },
    });
    try {
      await tested.start();
      const house = await openHouse(tested, 'untold');
      const spans = (state: string): Promise<number> =>
        tested.metric('flow_spans_total', { state });
      const booked = ['A-1', 'A-2', 'A-3', 'A-4'].map((seat) => house.books(`Ada ${seat}`, [seat]));
      // More wait than there is room for, and nobody waits for them.
      for (const booking of await Promise.all(booked)) await booking.ends('ticketed');
      await until('spans that are lost', async () => (await spans('lost')) > 20);
      expect(await spans('sent')).toBe(0);
      const late = await house.books('Bob', ['A-5']);
      await late.ends('ticketed');
      await tested.stop();
      expect(tested.printed()).not.toContain('Not everything ended');
    } finally {
      await tested[Symbol.asyncDispose]();
      collector.end();
    }
  });
});
