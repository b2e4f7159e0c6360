import type { SpanRecord } from '@ensemble/telemetry';
import { z } from 'zod';
import { readRequest } from './trace-service.ts';

/** What an export request brought. */
export interface Received {
  readonly spans: readonly SpanRecord[];
  /** Spans that could not be read. */
  readonly rejected: number;
}

/** In JSON ids are hex, in protobuf bytes. */
const id = (bytes: number) =>
  z
    .union([
      z.string().regex(new RegExp(`^[0-9a-fA-F]{${2 * bytes}}$`)),
      z
        .instanceof(Uint8Array)
        .refine(({ byteLength }) => byteLength === bytes)
        .transform((found) => Buffer.from(found).toString('hex')),
    ])
    .transform((hex) => hex.toLowerCase())
    .refine((hex) => /[^0]/.test(hex));
const isAbsent = (value: unknown): boolean =>
  value === undefined || value === '' || (value instanceof Uint8Array && value.byteLength === 0);
const traceId = id(16);
const spanId = id(8);

/** Nanoseconds since 1970 UTC, as milliseconds: a number cannot hold as many digits as there are. */
const moment = z
  .union([z.string().regex(/^[0-9]{1,20}$/), z.number().int().min(0)])
  .transform((nanos) => Number(BigInt(nanos) / 1_000n) / 1_000);

const whole = z.union([z.int(), z.string().regex(/^-?[0-9]{1,20}$/)]).transform(Number);
const attribute = z.object({
  key: z.string().min(1).max(200),
  value: z
    .object({
      stringValue: z.string().optional(),
      boolValue: z.boolean().optional(),
      intValue: whole.optional(),
      doubleValue: z.number().optional(),
    })
    .transform(
      ({ stringValue, boolValue, intValue, doubleValue }) =>
        stringValue ?? boolValue ?? intValue ?? doubleValue,
    )
    .optional(),
});
/** Lists and maps are left out: nothing of ours has any. */
const attributes = z
  .array(attribute)
  .default([])
  .transform((pairs) =>
    Object.fromEntries(
      pairs.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value] as const])),
    ),
  );

const kinds = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const statuses = ['unset', 'ok', 'error'] as const;
const kind = z.int().transform((number) => kinds[number] ?? 'internal');
const code = z.int().transform((number) => statuses[number] ?? 'unset');

const span = z
  .object({
    traceId,
    spanId,
    parentSpanId: z.preprocess((value) => (isAbsent(value) ? undefined : value), spanId.optional()),
    name: z.string().max(1_000).default(''),
    kind: kind.prefault(0),
    startTimeUnixNano: moment,
    endTimeUnixNano: moment,
    attributes,
    links: z.array(z.object({ traceId, spanId })).default([]),
    status: z.object({ code: code.prefault(0) }).prefault({}),
  })
  .transform(({ startTimeUnixNano: startMs, endTimeUnixNano: endMs, status, ...rest }) => ({
    ...rest,
    startMs,
    endMs,
    status: status.code,
  }));

const exportRequest = z.object({
  resourceSpans: z
    .array(
      z.object({
        resource: z.object({ attributes }).default({ attributes: {} }),
        scopeSpans: z.array(z.object({ spans: z.array(z.unknown()).default([]) })).default([]),
      }),
    )
    .default([]),
});

/** A body that is no export request. */
export class NotOtlp extends Error {
  readonly code = 'not-otlp';
  override readonly name = 'NotOtlp';
}

const parse = (body: Uint8Array, format: 'json' | 'protobuf'): unknown => {
  try {
    return format === 'json'
      ? JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
      : readRequest(body);
  } catch (cause) {
    throw new NotOtlp(`expected an export request of OTLP traces in ${format}`, { cause });
  }
};

/**
 * Reads an export request of OTLP traces. A span that cannot be read is left out and counted.
 * @throws NotOtlp
 */
export const readOtlp = (body: Uint8Array, format: 'json' | 'protobuf'): Received => {
  const request = exportRequest.safeParse(parse(body, format));
  if (!request.success) {
    const what = z.prettifyError(request.error);
    throw new NotOtlp(`expected an export request of OTLP traces: ${what}`);
  }
  const spans: SpanRecord[] = [];
  let rejected = 0;
  for (const { resource, scopeSpans } of request.data.resourceSpans) {
    const service = String(resource.attributes['service.name'] ?? 'unknown_service');
    for (const found of scopeSpans.flatMap((scope) => scope.spans)) {
      const read = span.safeParse(found);
      if (read.success) spans.push({ ...read.data, service });
      else rejected += 1;
    }
  }
  return { spans, rejected };
};
