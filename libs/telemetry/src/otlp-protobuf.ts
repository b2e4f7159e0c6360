import {
  type Encoding,
  kindNumbers,
  type ResourceAttributes,
  scope,
  statusMessageOf,
  statusNumbers,
} from './otlp-encoding.ts';
import { type Bytes, bytes, tag, utf8Length, wrapped } from './protobuf.ts';
import type { SpanRecord } from './span-record.ts';

/** Names of attributes that were written once are copied; strangers may not fill the memory. */
const namesAtMost = 500;

/** Fields by their numbers in opentelemetry-proto 1.9: trace, resource and common, v1. */
const field = {
  request: { resourceSpans: tag(1, 'bytes') },
  resourceSpans: { resource: tag(1, 'bytes'), scopeSpans: tag(2, 'bytes') },
  resource: { attributes: tag(1, 'bytes') },
  scopeSpans: { scope: tag(1, 'bytes'), spans: tag(2, 'bytes') },
  scope: { name: tag(1, 'bytes') },
  span: {
    traceId: tag(1, 'bytes'),
    spanId: tag(2, 'bytes'),
    parentSpanId: tag(4, 'bytes'),
    name: tag(5, 'bytes'),
    kind: tag(6, 'varint'),
    start: tag(7, 'fixed64'),
    end: tag(8, 'fixed64'),
    attributes: tag(9, 'bytes'),
    links: tag(13, 'bytes'),
    status: tag(15, 'bytes'),
  },
  link: { traceId: tag(1, 'bytes'), spanId: tag(2, 'bytes') },
  status: { message: tag(2, 'bytes'), code: tag(3, 'varint') },
  keyValue: { key: tag(1, 'bytes'), value: tag(2, 'bytes') },
  value: {
    string: tag(1, 'bytes'),
    boolean: tag(2, 'varint'),
    whole: tag(3, 'varint'),
    double: tag(4, 'fixed64'),
  },
} as const;

const linkLength = wrapped(16) + wrapped(8);

/**
 * Writes spans as protobuf, straight from our records: by way of the SDK's spans, its transformer and
 * its serializer one costs eight times as much.
 */
export const protobufEncoding = (resource: ResourceAttributes): Encoding => {
  const span = bytes();
  const part = bytes();
  const value = bytes();
  const body = bytes();
  const names = new Map<string, Buffer>();
  const services = new Map<string, { readonly head: Buffer; readonly spans: Bytes }>();

  const keyOf = (name: string): Buffer => {
    const known = names.get(name);
    if (known !== undefined) return known;
    const key = bytes().text(field.keyValue.key, name).take();
    if (names.size < namesAtMost) names.set(name, key);
    return key;
  };

  const attribute = (into: Bytes, tagOf: number, name: string, of: string | number | boolean) => {
    const key = keyOf(name);
    if (typeof of === 'string') {
      const length = wrapped(utf8Length(of));
      into.sized(tagOf, key.length + wrapped(length)).raw(key);
      into.sized(field.keyValue.value, length).text(field.value.string, of);
      return;
    }
    if (typeof of === 'boolean') value.varint(field.value.boolean, Number(of));
    else if (Number.isSafeInteger(of) && of >= 0) value.varint(field.value.whole, of);
    else value.double(field.value.double, of);
    part.raw(key).nested(field.keyValue.value, value);
    into.nested(tagOf, part);
  };

  const headOf = (service: string): Buffer => {
    const all = { ...resource, 'service.name': service };
    const of = bytes();
    for (const [name, text] of Object.entries(all)) {
      attribute(of, field.resource.attributes, name, text);
    }
    return bytes().nested(field.resourceSpans.resource, of).take();
  };
  const scopeHead = bytes()
    .nested(field.scopeSpans.scope, bytes().text(field.scope.name, scope))
    .take();

  const partOf = (service: string): Bytes => {
    const known = services.get(service);
    if (known !== undefined) return known.spans;
    const fresh = { head: headOf(service), spans: bytes() };
    services.set(service, fresh);
    return fresh.spans;
  };

  const add = (record: SpanRecord): void => {
    const { parentSpanId, attributes, links, status } = record;
    span.hex(field.span.traceId, record.traceId).hex(field.span.spanId, record.spanId);
    if (parentSpanId !== undefined) span.hex(field.span.parentSpanId, parentSpanId);
    span
      .text(field.span.name, record.name)
      .varint(field.span.kind, kindNumbers[record.kind])
      .nanoseconds(field.span.start, record.startMs)
      .nanoseconds(field.span.end, record.endMs);
    for (const name in attributes) {
      const of = attributes[name];
      if (of !== undefined) attribute(span, field.span.attributes, name, of);
    }
    for (const link of links) {
      span.sized(field.span.links, linkLength);
      span.hex(field.link.traceId, link.traceId).hex(field.link.spanId, link.spanId);
    }
    if (status !== 'unset') {
      const message = statusMessageOf(record);
      if (message !== '') part.text(field.status.message, message);
      part.varint(field.status.code, statusNumbers[status]);
      span.nested(field.span.status, part);
    }
    partOf(record.service).nested(field.scopeSpans.spans, span);
  };

  return {
    contentType: 'application/x-protobuf',
    add,
    take: () => {
      for (const { head, spans } of services.values()) {
        if (spans.length() === 0) continue;
        const length = scopeHead.length + spans.length();
        body.sized(field.request.resourceSpans, head.length + wrapped(length)).raw(head);
        body.sized(field.resourceSpans.scopeSpans, length).raw(scopeHead).append(spans);
      }
      return body.take();
    },
  };
};
