import protobuf from 'protobufjs';

/**
 * Of OTLP's trace service what is read here; other fields are skipped. Names and numbers are those of
 * opentelemetry-proto 1.9 (Apache-2.0): opentelemetry/proto/{collector/trace,trace,resource,common}/v1.
 */
const definition = `
  syntax = "proto3";
  message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
  message ExportTraceServiceResponse { ExportTracePartialSuccess partial_success = 1; }
  message ExportTracePartialSuccess { int64 rejected_spans = 1; string error_message = 2; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message ScopeSpans { repeated Span spans = 2; }
  message Span {
    bytes trace_id = 1;
    bytes span_id = 2;
    bytes parent_span_id = 4;
    string name = 5;
    int32 kind = 6;
    fixed64 start_time_unix_nano = 7;
    fixed64 end_time_unix_nano = 8;
    repeated KeyValue attributes = 9;
    repeated Link links = 13;
    Status status = 15;
  }
  message Link { bytes trace_id = 1; bytes span_id = 2; }
  message Status { int32 code = 3; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue {
    oneof value {
      string string_value = 1;
      bool bool_value = 2;
      int64 int_value = 3;
      double double_value = 4;
    }
  }
`;

const { root } = protobuf.parse(definition);
const request = root.lookupType('ExportTraceServiceRequest');
const response = root.lookupType('ExportTraceServiceResponse');

/**
 * An export request in protobuf as the object that it would be in JSON, but for ids, which are bytes.
 * @throws if it is none
 */
export const readRequest = (body: Uint8Array): unknown =>
  request.toObject(request.decode(body), { longs: String });

/** An export request as protobuf, of the object that it would be in JSON, but for ids. */
export const writeRequest = (message: Readonly<Record<string, unknown>>): Uint8Array =>
  request.encode(request.fromObject(message)).finish();

/** What became of an export, in protobuf. */
export const writeResponse = (message: Readonly<Record<string, unknown>>): Uint8Array =>
  response.encode(response.fromObject(message)).finish();

export const readResponse = (body: Uint8Array): unknown =>
  response.toObject(response.decode(body), { longs: String });
