import type { Encoding } from './otlp-encoding.ts';
import { jsonEncoding } from './otlp-json.ts';
import { posting } from './otlp-post.ts';
import { protobufEncoding } from './otlp-protobuf.ts';
import type { OtlpSettings } from './otlp-settings.ts';
import type { SpanSink } from './span-record.ts';

export * from './otlp-settings.ts';

/** Sends spans to an OpenTelemetry collector, in batches. */
export interface Exporting {
  readonly sink: SpanSink;
  /** Spans that were taken, sent, and lost for good because the collector did not take them. */
  counts(): { readonly taken: number; readonly sent: number; readonly lost: number };
  /** Sends what there is, for at most so many milliseconds; what is left then is lost. */
  stop(withinMs: number): Promise<void>;
}

interface Batch {
  readonly spans: number;
  readonly body: Buffer;
}

/** How spans are written for a collector. */
export const encodingOf = ({
  format,
  resource,
}: Pick<OtlpSettings, 'format' | 'resource'>): Encoding =>
  format === 'json' ? jsonEncoding(resource) : protobufEncoding(resource);

/** Exports by OTLP over HTTP, with a resource for each service. One batch at a time is under way. */
export const otlpExport = (settings: OtlpSettings): Exporting => {
  const { queueAtMost, batchAtMost, delayMs } = settings;
  const encoding = encodingOf(settings);
  const { post, end } = posting(settings, encoding.contentType);
  const full: Batch[] = [];
  /** Spans of the batch that is being filled. */
  let filling = 0;
  let taken = 0;
  let sent = 0;
  let lost = 0;
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> | undefined;
  let stopped = false;

  const close = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (filling === 0) return;
    full.push({ spans: filling, body: encoding.take() });
    filling = 0;
  };

  const sendAll = async (): Promise<void> => {
    for (let batch = full.shift(); batch !== undefined; batch = full.shift()) {
      if (await post(batch.body)) sent += batch.spans;
      else lost += batch.spans;
    }
    sending = undefined;
  };
  const send = (): void => {
    close();
    if (full.length > 0) sending ??= sendAll();
  };

  return {
    sink: (span) => {
      taken += 1;
      // What is neither sent nor lost waits or is on its way.
      if (stopped || taken - sent - lost > queueAtMost) {
        lost += 1;
        return;
      }
      encoding.add(span);
      filling += 1;
      if (filling >= batchAtMost) send();
      else timer ??= setTimeout(send, delayMs).unref();
    },
    counts: () => ({ taken, sent, lost }),
    stop: async (withinMs) => {
      const late = setTimeout(end, withinMs);
      send();
      await sending;
      clearTimeout(late);
      stopped = true;
      end();
    },
  };
};
