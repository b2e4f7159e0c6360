import { join, resolve } from 'node:path';
import { z } from 'zod';
import { CannotStart } from './cannot-start.ts';
import { telemetryVariables } from './telemetry-variables.ts';
import { about, type About, web, whole, yesOrNo } from './variable.ts';

const port = whole(0, 65_535, 'a port');
const mail = z.url({
  protocol: /^smtps?$/,
  error: 'an address such as smtp://mail.example.org:587',
});
const host = z.string().regex(/^[\w.:-]+$/, { error: 'a host name or an IP address' });

const tokens = z
  .string()
  .refine((text) => text.split(',').every((each) => /^[\w.-]+:[^\s,]+$/.test(each)), {
    error: 'name:token, several divided by commas, none with a blank',
  })
  .transform((text) => {
    const pairs = text.split(',').map((each) => {
      const colon = each.indexOf(':');
      return [each.slice(0, colon), each.slice(colon + 1)] as const;
    });
    return new Map(pairs);
  });

const broker = /^(?:[\w.-]+|\[[\da-fA-F:]+\]):\d{1,5}$/;
const brokers = z
  .string()
  .refine((text) => text.split(',').every((each) => broker.test(each.trim())), {
    error: 'host:port, several divided by commas',
  })
  .transform((text) => text.split(',').map((each) => each.trim()));
const mongo = z.string().regex(/^mongodb(?:\+srv)?:\/\/\S+$/, {
  error: 'an address such as mongodb://db.example.org:27017',
});
const link = /^([^=,]+)=(https?:\/\/[^,\s]*\{(?:bookingId|traceId)\}[^,\s]*)$/;
const links = z
  .string()
  .refine((text) => text.split(',').every((each) => link.test(each.trim())), {
    error:
      'name=address, several divided by commas, each address with {bookingId} or {traceId} in it ' +
      '(a comma of its own is written %2C)',
  })
  .transform((text) =>
    text.split(',').map((each) => {
      const [, name = '', template = ''] = link.exec(each.trim()) ?? [];
      return { name, template };
    }),
  );

const sender = z.string().regex(/\S@\S/, { error: 'a sender such as Ensemble <me@example.org>' });

const environment = z.object({
  HOST: host.prefault('127.0.0.1').register(about, { meaning: 'where every server listens' }),
  GATEWAY_PORT: port.prefault('3000').register(about, { meaning: 'the API and its page' }),
  TICKET_PORT: port
    .prefault('3001')
    .register(about, { meaning: 'the documents of tickets, and the door at `/door`' }),
  MONITOR_PORT: port
    .prefault('3002')
    .register(about, { meaning: 'the monitor: its page, its API and OTLP at `/v1/traces`' }),
  OPS_PORT: port
    .prefault('3009')
    .register(about, { meaning: '`/healthz`, `/readyz` and `/metrics` of the process' }),
  PROVIDER_PORT: port.prefault('3010').register(about, { meaning: 'the pretend payment provider' }),
  ENSEMBLE_DATA: z
    .string()
    .transform((dir) => resolve(dir))
    .prefault('.data')
    .register(about, { meaning: 'the directory in which everything is kept' }),
  KAFKA_BROKERS: brokers.optional().register(about, {
    meaning: 'the log is on Kafka: its brokers, `host:port,…`',
    otherwise: 'the log is a file in the data directory',
  }),
  KAFKA_SSL: yesOrNo.prefault('false').register(about, {
    meaning: 'brokers are reached by TLS; NODE_EXTRA_CA_CERTS names authorities of your own',
  }),
  KAFKA_SASL_MECHANISM: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512'], {
      error: 'plain, scram-sha-256 or scram-sha-512',
    })
    .optional()
    .register(about, { meaning: 'how we show the brokers who we are', otherwise: 'not at all' }),
  KAFKA_SASL_USERNAME: z
    .string()
    .optional()
    .register(about, { meaning: 'who we are there', otherwise: 'nobody' }),
  KAFKA_SASL_PASSWORD: z
    .string()
    .optional()
    .register(about, { meaning: 'and the password', otherwise: 'none', secret: true }),
  MONGODB_URL: mongo.optional().register(about, {
    meaning: 'the stores are on MongoDB; `{service}` in it stands for the name of the service',
    otherwise: 'the stores are files in the data directory',
    secret: true,
  }),
  PARTITIONS: whole(1, 1_000, 'a number')
    .prefault('12')
    .register(about, { meaning: 'partitions of every topic; fixed once there are data' }),
  HOLD_SECONDS: whole(1, 604_800, 'seconds')
    .prefault('600')
    .register(about, { meaning: 'how long seats are held for their payment' }),
  ADMIT: whole(0, 100_000_000, 'a number').prefault('100000').register(about, {
    meaning: 'bookings that may await an answer; beyond that the answer is 503',
  }),
  RATE_LIMIT: whole(0, 100_000_000, 'a number')
    .prefault('600')
    .register(about, { meaning: 'requests a minute for each client; 0 turns it off' }),
  TRUST_PROXY: whole(0, 10, 'a number').prefault('0').register(about, {
    meaning: 'proxies in front of the gateway, which say in X-Forwarded-For who asks',
  }),
  STRIPE_API_URL: web('https://api.stripe.com')
    .optional()
    .register(about, { meaning: 'where Stripe answers', otherwise: 'the pretend provider' }),
  STRIPE_API_KEY: z
    .string()
    .prefault('sk_test_ensemble')
    .register(about, { meaning: 'the key for Stripe', secret: true }),
  SMTP_URL: mail.optional().register(about, {
    meaning: 'the server that takes mails',
    otherwise: '`.eml` files in the data directory',
    secret: true,
  }),
  MAIL_FROM: sender
    .prefault('Ensemble <tickets@ensemble.example>')
    .register(about, { meaning: 'the sender of mails' }),
  PUBLIC_URL: web('https://tickets.example.org').optional().register(about, {
    meaning: 'where customers reach the gateway',
    otherwise: 'where it listens',
  }),
  TICKET_PUBLIC_URL: web('https://tickets.example.org').optional().register(about, {
    meaning: 'where customers reach the documents of tickets',
    otherwise: 'where they are served',
  }),
  MONITOR_PUBLIC_URL: web('https://monitor.example.org').optional().register(about, {
    meaning:
      'where people reach the monitor; by other names than this and localhost it is not asked',
    otherwise: 'where it listens',
  }),
  LEDGER_DAYS: whole(1, 36_500, 'days')
    .prefault('90')
    .register(about, { meaning: 'how long the monitor keeps what it heard' }),
  LEDGER_MB: whole(16, 100_000_000, 'MiB')
    .prefault('10240')
    .register(about, { meaning: 'how much of it, in MiB; beyond that the oldest goes' }),
  BOOKING_SECRET: z
    .string()
    .min(8, { error: 'at least 8 characters, better 32 of a random generator' })
    .optional()
    .register(about, {
      meaning: 'what booking ids are made with; the same as long as the data',
      otherwise: 'made once',
      secret: true,
    }),
  TICKET_KEY_FILE: z.string().optional().register(about, {
    meaning: 'the Ed25519 key that signs tickets (PEM)',
    otherwise: 'made once in the data directory',
  }),
  ...telemetryVariables,
  TRACE_LINKS: links.optional().register(about, {
    meaning:
      'where traces are kept: `name=address,…`, each address with `{bookingId}` or `{traceId}` in it',
    otherwise: 'the monitor shows its own only',
  }),
  STEWARD_TOKENS: tokens.optional().register(about, {
    meaning: 'who may let in at which door: `name:token,…`',
    otherwise: 'one is made once and printed',
    secret: true,
  }),
  OPERATOR_TOKENS: tokens.optional().register(about, {
    meaning: 'who may open shows and redrive: `name:token,…`',
    otherwise: 'one is made once and printed',
    secret: true,
  }),
});

/** The configuration of a process, by the names of the environment. */
export type Config = Readonly<ReturnType<typeof complete>>;

const saslOf = ({
  KAFKA_SASL_MECHANISM: mechanism,
  KAFKA_SASL_USERNAME: username,
  KAFKA_SASL_PASSWORD: password,
}: z.output<typeof environment>) => {
  const given = [mechanism, username, password].filter((each) => each !== undefined);
  if (given.length === 0) return undefined;
  if (mechanism === undefined || username === undefined || password === undefined) {
    throw new ConfigError([
      'KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD: expected all three or ' +
        `none; found ${given.length}`,
    ]);
  }
  return { mechanism, username, password };
};

const complete = (given: z.output<typeof environment>) => ({
  ...given,
  KAFKA_SASL: saslOf(given),
  TICKET_KEY_FILE: resolve(given.TICKET_KEY_FILE ?? join(given.ENSEMBLE_DATA, 'ticket-key.pem')),
});

/** Everything that is wrong with the environment, a line for each variable. */
export class ConfigError extends CannotStart {
  override readonly code = 'config-invalid';
  override readonly name = 'ConfigError';
  readonly lines: readonly string[];
  constructor(lines: readonly string[]) {
    super(['The environment cannot be used:', ...lines.map((line) => `  ${line}`)].join('\n'));
    this.lines = lines;
  }
}

const names = Object.keys(environment.shape) as (keyof typeof environment.shape)[];
const aboutOf = (name: (typeof names)[number]): About =>
  about.get(environment.shape[name]) ?? { meaning: '' };

const insteadOf = (name: (typeof names)[number]): string => {
  const schema = environment.shape[name];
  const isText = schema instanceof z.ZodPrefault;
  return isText ? `\`${String(schema.def.defaultValue)}\`` : (aboutOf(name).otherwise ?? '');
};

/** Every variable with its meaning and default: a Markdown table for the README. */
export const variablesTable = (): string =>
  [
    '| variable | what it is | when not given |',
    '|---|---|---|',
    ...names.map((name) => `| \`${name}\` | ${aboutOf(name).meaning} | ${insteadOf(name)} |`),
  ].join('\n');

/**
 * Reads the configuration. A variable that is empty counts as not given.
 * @throws ConfigError naming all that is wrong at once; secrets are not shown
 */
export const readConfig = (env: Readonly<Record<string, string | undefined>>): Config => {
  const given = Object.fromEntries(names.map((name) => [name, env[name] || undefined]));
  const parsed = environment.safeParse(given);
  if (parsed.success) return complete(parsed.data);
  const lines = parsed.error.issues.map(({ path: [where], message }) => {
    const name = names.find((each) => each === where) ?? 'HOST';
    const text = given[name] ?? '';
    const found = aboutOf(name).secret ? `${text.length} characters, not shown` : `"${text}"`;
    return `${name}: expected ${message}; found ${found}`;
  });
  throw new ConfigError(lines);
};
