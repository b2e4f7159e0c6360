import { describe, expect, it } from '@jest/globals';
import { ConfigError, readConfig, variablesTable } from './config.ts';

const wrongWith = (env: Record<string, string>): ConfigError => {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('expected the environment to be refused');
};

describe('the configuration', () => {
  it('needs nothing to be given, and takes what is empty as not given', () => {
    const { ENSEMBLE_DATA, TICKET_KEY_FILE, ...others } = readConfig({ GATEWAY_PORT: '' });
    expect(others).toEqual({
      HOST: '127.0.0.1',
      GATEWAY_PORT: 3000,
      TICKET_PORT: 3001,
      MONITOR_PORT: 3002,
      OPS_PORT: 3009,
      PROVIDER_PORT: 3010,
      KAFKA_SSL: false,
      PARTITIONS: 12,
      HOLD_SECONDS: 600,
      ADMIT: 100_000,
      RATE_LIMIT: 600,
      TRUST_PROXY: 0,
      STRIPE_API_KEY: 'sk_test_ensemble',
      MAIL_FROM: 'Ensemble <tickets@ensemble.example>',
      LEDGER_DAYS: 90,
      LEDGER_MB: 10_240,
      OTEL_SDK_DISABLED: false,
      OTEL_TRACES_SAMPLER: 'always_on',
      OTEL_TRACES_SAMPLER_ARG: 1,
    });
    expect(TICKET_KEY_FILE).toBe(`${ENSEMBLE_DATA}/ticket-key.pem`);
  });

  it('takes servers in place of files', () => {
    const config = readConfig({
      KAFKA_BROKERS: 'kafka-1:9092, [::1]:9092',
      KAFKA_SSL: 'true',
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_SASL_USERNAME: 'seat',
      KAFKA_SASL_PASSWORD: 'secret',
      MONGODB_URL: 'mongodb://{service}:secret@db:27017/?replicaSet=rs0',
    });
    expect(config).toMatchObject({
      KAFKA_BROKERS: ['kafka-1:9092', '[::1]:9092'],
      KAFKA_SSL: true,
      KAFKA_SASL: { mechanism: 'scram-sha-512', username: 'seat', password: 'secret' },
      MONGODB_URL: 'mongodb://{service}:secret@db:27017/?replicaSet=rs0',
    });
  });

  it.each([
    [{ KAFKA_BROKERS: 'kafka' }, 'KAFKA_BROKERS: expected host:port, several divided by commas'],
    [{ KAFKA_SSL: 'maybe' }, 'KAFKA_SSL: expected true or false'],
    [{ KAFKA_SASL_USERNAME: 'seat' }, 'expected all three or none; found 1'],
    [{ MONGODB_URL: 'http://db' }, 'MONGODB_URL: expected an address such as mongodb://'],
    [{ TRACE_LINKS: 'Jaeger=https://jaeger.example.org' }, 'TRACE_LINKS: expected name=address'],
  ])('says of %j what is expected', (env, line) => {
    expect(wrongWith(env as Record<string, string>).message).toContain(line);
  });

  it('knows where traces are shown', () => {
    const jaeger = 'https://jaeger.example.org/search?service=gateway&tags={bookingId}';
    const tempo = 'https://tempo.example.org/{traceId}?a=b%2Cc';
    expect(readConfig({ TRACE_LINKS: `Jaeger=${jaeger}, Tempo here=${tempo}` })).toMatchObject({
      TRACE_LINKS: [
        { name: 'Jaeger', template: jaeger },
        { name: 'Tempo here', template: tempo },
      ],
    });
  });

  it('knows operators by name', () => {
    const { OPERATOR_TOKENS } = readConfig({ OPERATOR_TOKENS: 'ada:one:with:colons,bob:two' });
    expect(OPERATOR_TOKENS).toEqual(
      new Map([
        ['ada', 'one:with:colons'],
        ['bob', 'two'],
      ]),
    );
  });

  it('names everything that is wrong at once: variable, expected, found', () => {
    const { lines } = wrongWith({
      GATEWAY_PORT: '70000',
      PARTITIONS: 'many',
      STRIPE_API_URL: 'ftp://stripe',
      TICKET_PUBLIC_URL: 'tickets',
    });
    expect(lines).toEqual([
      'GATEWAY_PORT: expected a port, 0 to 65535; found "70000"',
      'PARTITIONS: expected a number, 1 to 1000; found "many"',
      'STRIPE_API_URL: expected an address such as https://api.stripe.com; found "ftp://stripe"',
      'TICKET_PUBLIC_URL: expected an address such as https://tickets.example.org; found "tickets"',
    ]);
  });

  it('never shows a secret', () => {
    const secrets = {
      BOOKING_SECRET: 'hush',
      OPERATOR_TOKENS: 'ada hush',
      SMTP_URL: 'http://ada:hush@mail',
    };
    const { message, lines } = wrongWith(secrets);
    expect(message).not.toContain('hush');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain('SMTP_URL: ');
    expect(lines[0]).toContain('found 20 characters, not shown');
  });

  it('describes every variable in one table', () => {
    const rows = variablesTable().split('\n').slice(2);
    expect(rows[0]).toBe('| `HOST` | where every server listens | `127.0.0.1` |');
    for (const row of rows) expect(row).toMatch(/^\| `[A-Z_]+` \| [^|]{5,} \| [^|]+ \|$/);
  });
});
