import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { appOf, serve, type Served } from '@ensemble/host';
import { monitorProblems } from '../http/problems.ts';
import { attribute, type SpanRecord } from '@ensemble/telemetry';
import { encodingOf } from '@ensemble/telemetry/otlp';
import fc from 'fast-check';
import { NotOtlp, readOtlp } from './otlp.ts';
import { otlpRoutes } from './routes.ts';
import { requestOf, spanOf } from './spec-kit.ts';
import { readResponse, writeRequest } from './trace-service.ts';

const span = spanOf(7, 'ada', {
  parentSpanId: 'b'.repeat(16),
  status: 'error',
  links: [{ traceId: 'c'.repeat(32), spanId: 'd'.repeat(16) }],
  attributes: {
    [attribute.conversationId]: 'ada',
    [attribute.offset]: 42,
    [attribute.brokerWait]: 1.5,
    isOdd: true,
  },
});
const json = (spans: readonly SpanRecord[]) => Buffer.from(JSON.stringify(requestOf(spans)));
const protobuf = (spans: readonly SpanRecord[]) =>
  Buffer.from(writeRequest(requestOf(spans, (id) => Buffer.from(id, 'hex'))));

describe('reading OTLP', () => {
  it('reads a span as it was, in JSON and in protobuf', () => {
    expect(readOtlp(json([span]), 'json')).toEqual({ spans: [span], rejected: 0 });
    expect(readOtlp(protobuf([span]), 'protobuf')).toEqual({ spans: [span], rejected: 0 });
  });

  it.each(['json', 'protobuf'] as const)('reads what our services write: %s', (format) => {
    const hex = (length: number) =>
      fc
        .stringMatching(new RegExp(`^[0-9a-f]{${length}}$`))
        .filter((digits) => /[^0]/.test(digits));
    const [traceId, spanId] = [hex(32), hex(16)];
    const moment = fc.nat(2 ** 31 - 1).map((micros) => 1_790_000_000_000 + micros / 1_000);
    const value = fc.oneof(
      fc.string({ maxLength: 300, unit: 'grapheme' }),
      fc.boolean(),
      fc.maxSafeNat(),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((each) => !Object.is(each, -0)),
    );
    const any: fc.Arbitrary<SpanRecord> = fc.record({
      traceId,
      spanId,
      parentSpanId: spanId,
      service: fc.constantFrom('seat', 'payment', 'żółć'),
      name: fc.string({ maxLength: 200, unit: 'grapheme' }),
      kind: fc.constantFrom('internal', 'server', 'client', 'producer', 'consumer'),
      startMs: moment,
      endMs: moment,
      status: fc.constantFrom('unset', 'ok', 'error'),
      attributes: fc
        .dictionary(fc.stringMatching(/^[a-z][a-z._ż]{0,40}$/), value)
        .map((attributes) => ({ ...attributes })),
      links: fc.array(fc.record({ traceId, spanId }), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 5 }), (spans) => {
        const encoding = encodingOf({ format, resource: { 'service.namespace': 'shop' } });
        for (const each of spans) encoding.add(each);
        const byId = (some: readonly SpanRecord[]) =>
          some.toSorted((a, b) =>
            JSON.stringify(a.spanId + a.name) < JSON.stringify(b.spanId + b.name) ? -1 : 1,
          );
        const { spans: found, rejected } = readOtlp(encoding.take(), format);
        expect(rejected).toBe(0);
        expect(byId(found)).toEqual(byId(spans));
        // What was taken is not there again.
        expect(readOtlp(encoding.take(), format).spans).toEqual([]);
      }),
    );
  });

  it('leaves out and counts spans that nobody could place', () => {
    const some = [
      span,
      spanOf(8, null, { spanId: '0'.repeat(16) }),
      spanOf(9, null, { traceId: 'x' }),
    ];
    expect(readOtlp(json(some), 'json')).toEqual({ spans: [span], rejected: 2 });
  });

  it('throws nothing but its own error, whatever it is given', () => {
    const bytes = protobuf([span, spanOf(8, null)]);
    const flipped = fc
      .tuple(fc.nat(bytes.byteLength - 1), fc.nat(255))
      .map(([at, byte]) => Buffer.from(bytes.map((each, index) => (index === at ? byte : each))));
    const cut = fc.nat(bytes.byteLength).map((length) => bytes.subarray(0, length));
    const odd = fc
      .jsonValue()
      .map((value) => Buffer.from(JSON.stringify({ resourceSpans: value })));
    const nested = fc
      .jsonValue()
      .map((value) => ({ resourceSpans: [{ scopeSpans: [{ spans: [value] }] }] }))
      .map((value) => Buffer.from(JSON.stringify(value)));
    const anything = fc.oneof(fc.uint8Array(), flipped, cut, odd, nested);
    fc.assert(
      fc.property(anything, fc.constantFrom('json', 'protobuf'), (body, format) => {
        try {
          const { spans } = readOtlp(body, format);
          for (const { traceId, spanId, startMs } of spans) {
            expect([traceId, spanId]).toEqual([
              expect.stringMatching(/^[0-9a-f]{32}$/),
              expect.stringMatching(/^[0-9a-f]{16}$/),
            ]);
            expect(startMs).toBeGreaterThanOrEqual(0);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(NotOtlp);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('the OTLP receiver', () => {
  const taken: SpanRecord[] = [];
  let served: Served;
  beforeAll(async () => {
    const app = appOf(
      otlpRoutes((each) => void taken.push(each)),
      monitorProblems,
    );
    served = await serve(app, { host: '127.0.0.1', port: 0, variable: 'MONITOR_PORT' });
  });
  beforeEach(() => void taken.splice(0));
  afterAll(() => served.stop());

  const post = (body: Uint8Array, headers: Record<string, string>) =>
    fetch(`${served.url}/v1/traces`, { method: 'POST', body: Buffer.from(body), headers });
  const asJson = { 'content-type': 'application/json' };
  const asProtobuf = { 'content-type': 'application/x-protobuf' };

  it('takes JSON and protobuf, packed or not', async () => {
    const packed = { 'content-encoding': 'gzip' };
    expect((await post(json([span]), asJson)).status).toBe(200);
    expect((await post(gzipSync(json([span])), { ...asJson, ...packed })).status).toBe(200);
    expect((await post(protobuf([span]), asProtobuf)).status).toBe(200);
    expect((await post(gzipSync(protobuf([span])), { ...asProtobuf, ...packed })).status).toBe(200);
    expect(taken).toEqual([span, span, span, span]);
  });

  it('says what it left out, in the words that it was asked in', async () => {
    const some = [span, spanOf(8, null, { spanId: '00'.repeat(8) })];
    const partialSuccess = { rejectedSpans: '1', errorMessage: expect.stringContaining('1 spans') };
    const inJson = await post(json(some), asJson);
    expect(await inJson.json()).toEqual({ partialSuccess });
    const inProtobuf = await post(protobuf(some), asProtobuf);
    expect(inProtobuf.headers.get('content-type')).toBe('application/x-protobuf');
    expect(readResponse(Buffer.from(await inProtobuf.arrayBuffer()))).toEqual({ partialSuccess });
  });

  it('refuses what it cannot read, and says why', async () => {
    const statusOf = async (body: Uint8Array, headers: Record<string, string>) => {
      const response = await post(body, headers);
      expect(response.headers.get('content-type')).toMatch('application/problem+json');
      return response.status;
    };
    expect(await statusOf(Buffer.from('{'), asJson)).toBe(400);
    expect(await statusOf(Buffer.from('[]'), asJson)).toBe(400);
    expect(await statusOf(Buffer.from([0xff]), asProtobuf)).toBe(400);
    expect(await statusOf(json([span]), { 'content-type': 'text/plain' })).toBe(415);
    expect(await statusOf(Buffer.alloc(5_000_000, ' '), asJson)).toBe(413);
    const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
    expect(await statusOf(bomb, { ...asJson, 'content-encoding': 'gzip' })).toBe(413);
    expect(await statusOf(json([span]), { ...asJson, 'content-encoding': 'gzip' })).toBe(400);
    expect(await statusOf(json([span]), { ...asJson, 'content-encoding': 'odd' })).toBe(415);
    expect(taken).toEqual([]);
  });
});
