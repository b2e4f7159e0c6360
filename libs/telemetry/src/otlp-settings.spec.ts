import { describe, expect, it } from '@jest/globals';
import { otlpSettings, resourceOf } from './otlp-settings.ts';

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' };

describe('where spans are sent', () => {
  it('is nowhere unless it is said', () => {
    expect(otlpSettings({})).toBeUndefined();
    expect(otlpSettings({ ...endpoint, OTEL_TRACES_EXPORTER: 'none' })).toBeUndefined();
  });

  it('is as OpenTelemetry has it where nothing else is said', () => {
    expect(otlpSettings(endpoint)).toMatchObject({
      url: 'http://collector:4318/v1/traces',
      headers: {},
      format: 'protobuf',
      isCompressed: false,
      timeoutMs: 10_000,
      queueAtMost: 16_384,
      batchAtMost: 512,
      delayMs: 1_000,
    });
  });

  it('is what is said of traces before what is said of all signals', () => {
    const env = {
      ...endpoint,
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces/here',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20a%3Db,x-all=1',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-all=2',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'none',
      OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: 'gzip',
      OTEL_EXPORTER_OTLP_TIMEOUT: '9000',
      OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '2000',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_MAX_QUEUE_SIZE: '100',
      OTEL_BSP_SCHEDULE_DELAY: '50',
      OTEL_BSP_EXPORT_TIMEOUT: '1500',
    };
    expect(otlpSettings(env)).toMatchObject({
      url: 'https://traces/here',
      headers: { authorization: 'Bearer a=b', 'x-all': '2' },
      format: 'json',
      isCompressed: true,
      timeoutMs: 1_500,
      queueAtMost: 100,
      batchAtMost: 100,
      delayMs: 50,
    });
  });
});

describe('what the services of a process share', () => {
  it('is decoded, and wins over what is made up', () => {
    const env = {
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=a%2Cb, service.instance.id=one',
    };
    expect(resourceOf(env)).toMatchObject({
      'service.namespace': 'ensemble',
      'deployment.environment.name': 'a,b',
      'service.instance.id': 'one',
    });
  });

  it('is left out when it cannot be decoded', () => {
    expect(resourceOf({ OTEL_RESOURCE_ATTRIBUTES: 'a=1,b=%zz' })).not.toHaveProperty('a');
  });

  it.each([
    ['OTEL_SERVICE_NAME', 'shop'],
    ['OTEL_RESOURCE_ATTRIBUTES', 'service.name=shop'],
  ])('has a name that is of all of them for its namespace: %s', (name, value) => {
    const resource = resourceOf({ [name]: value });
    expect(resource).toMatchObject({ 'service.namespace': 'shop' });
    expect(resource).not.toHaveProperty('service.name');
  });
});
