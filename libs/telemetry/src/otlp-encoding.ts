import type { SpanRecord } from './span-record.ts';

/** Spans on their way into the body of an export request of OTLP. */
export interface Encoding {
  readonly contentType: string;
  /** Writes a span: what is kept of it are bytes, not objects. */
  add(span: SpanRecord): void;
  /** The body with all spans that were added since this was asked last. */
  take(): Buffer;
}

/** Attributes of a resource, beside the name of the service. */
export type ResourceAttributes = Readonly<Record<string, string>>;

/** Who made the spans. */
export const scope = 'ensemble';

/** The numbers of OTLP's enumerations. */
export const kindNumbers: Readonly<Record<SpanRecord['kind'], number>> = {
  internal: 1,
  server: 2,
  client: 3,
  producer: 4,
  consumer: 5,
};
export const statusNumbers: Readonly<Record<SpanRecord['status'], number>> = {
  unset: 0,
  ok: 1,
  error: 2,
};

/** What stands in the status of a span that failed. */
export const statusMessageOf = ({ status, attributes }: SpanRecord): string =>
  status === 'error' ? String(attributes['flow.reason'] ?? '') : '';
