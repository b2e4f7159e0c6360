/** What following every booking costs: the same system, now with spans and now without. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pause } from '@ensemble/choreography';
import { systemClock } from '@ensemble/host';
import {
  flowMeters,
  meteredTelemetry,
  noTelemetry,
  preciseNow,
  registry,
  shareOf,
  type SpanRecord,
  spanTracing,
  type Telemetry,
} from '@ensemble/telemetry';
import { otlpExport, otlpSettings } from '@ensemble/telemetry/otlp';
import type { HouseOptions } from './house.ts';
import { openHouse } from './house.ts';
import { cpuMs, drive, type Figures, keyOf, rounded, sell } from './measure.ts';

/** How the bookings of a block are followed. */
const modes = ['off', 'metrics', 'unsampled', 'in process', 'OTLP'] as const;
type Mode = (typeof modes)[number];

const kept = 100_000;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/**
 * Telemetry that does now what one, now what another does.
 * @param mailed is called when a booking's last event is on the log
 */
const switching = (of: () => Telemetry, mailed: () => void): Telemetry => ({
  begin: (conversationId, request) => of().begin(conversationId, request),
  hear: (message) => of().hear(message),
  recall: (outcome) => of().recall(outcome),
  attempt: (toDo) => of().attempt(toDo),
  said: (message, decided) => {
    of().said(message, decided);
    if (message.headers['ce_type'] === 'notification.sent') mailed();
  },
  call: (where) => of().call(where),
});

/**
 * Blocks of bookings under each mode in turn, each round in another order; of the differences
 * to the block without spans in the same round the median.
 */
export const traces = async (
  bookings: number,
  options: HouseOptions = {},
  rounds = 16,
): Promise<Figures> => {
  const child = fork(join(import.meta.dirname, 'collector.ts'), { execArgv: process.execArgv });
  const [port] = await once(child, 'message');
  const settings = otlpSettings({
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    OTEL_BSP_SCHEDULE_DELAY: '200',
  });
  if (settings === undefined) throw new Error('expected that spans are sent somewhere');
  const exporting = otlpExport(settings);
  const ring: (SpanRecord | undefined)[] = Array.from({ length: kept });
  let ended = 0;
  const keep = (span: SpanRecord): void => {
    ring[ended % kept] = span;
    ended += 1;
  };
  let mode: Mode = 'off';
  let mailed = 0;
  /** What a block began is its own cost: mails that are on their way, spans that are to be sent. */
  const isOver = (booked: number): boolean => {
    const { taken, sent, lost } = exporting.counts();
    return mailed >= booked && taken === sent + lost;
  };
  const meters = flowMeters(registry());
  const telemetryOf = (service: string): Telemetry => {
    const spans = (ratio: number, sink: (span: SpanRecord) => void): Telemetry => {
      const sampling = shareOf(ratio);
      const told = spanTracing({ service, sampling, sink, system: 'ensemble', now: preciseNow });
      return meteredTelemetry(service, meters, told, preciseNow);
    };
    const by: Record<Mode, Telemetry> = {
      off: noTelemetry,
      metrics: meteredTelemetry(service, meters, noTelemetry, preciseNow),
      unsampled: spans(0, keep),
      'in process': spans(1, keep),
      OTLP: spans(1, exporting.sink),
    };
    return switching(
      () => by[mode],
      () => (mailed += 1),
    );
  };

  const house = await openHouse({ ...options, telemetryOf });
  const block = Math.ceil(bookings / rounds / modes.length);
  const wanted = await sell(house, block * modes.length * (rounds + 1));
  const book = (n: number): Promise<string> => house.request(wanted(n), keyOf(n));
  const costs = new Map(modes.map((each) => [each, [] as number[]]));
  const speeds = new Map(modes.map((each) => [each, [] as number[]]));
  let from = 0;
  let spansOfOne = 0;
  for (let round = 0; round <= rounds; round += 1) {
    const order = modes.map((_, index) => modes[(index + round) % modes.length] ?? 'off');
    for (const each of round % 2 === 0 ? order : order.toReversed()) {
      mode = each;
      const spansBefore = ended;
      const [began, cpu] = [performance.now(), cpuMs()];
      await drive(house, { from, to: from + block, window: Math.min(500, block), book });
      from += block;
      while (!isOver(from)) await pause(systemClock, 1);
      // The first round warms up.
      if (round === 0) continue;
      costs.get(each)?.push(((cpuMs() - cpu) / block) * 1_000);
      speeds.get(each)?.push((block / (performance.now() - began)) * 1_000);
      if (each === 'in process') spansOfOne = (ended - spansBefore) / block;
    }
  }
  await house.close();
  await exporting.stop(5_000);
  child.disconnect();
  const { taken, lost } = exporting.counts();
  const offs = costs.get('off') ?? [];
  const offSpeeds = speeds.get('off') ?? [];
  return {
    lines: [
      `  without: ${rounded(median(offs))} µs CPU a booking, ${rounded(median(offSpeeds))} bookings/s`,
      ...modes.slice(1).map((each) => {
        const more = (costs.get(each) ?? []).map((cost, index) => cost - (offs[index] ?? NaN));
        const ratio = (speeds.get(each) ?? []).map((one, index) => one / (offSpeeds[index] ?? NaN));
        return (
          `  ${each}: ${rounded(median(more))} µs CPU a booking more, ` +
          `${rounded(median(ratio), 2)} of the throughput`
        );
      }),
      `  ${rounded(spansOfOne, 1)} spans a booking; sent ${taken}, lost ${lost}`,
    ],
  };
};
