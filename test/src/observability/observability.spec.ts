import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { countHappenings, systemClock, watchProcess } from '@ensemble/host';
import { watchFlow } from '@ensemble/monitor';
import { type About, flowMeters, meterSpans, type Registry, registry } from '@ensemble/telemetry';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { root } from '../deploy/reading.ts';
import { dashboard, queries } from './dashboard.ts';
import { labelsIn, metricsIn, readRules } from './rules.ts';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const rules = readRules();
const alerts = rules.filter(({ kind }) => kind === 'alert');
const asked = [...rules.map(({ expr }) => expr), ...queries()];

/** What a process with everything in it shows, and by which labels. */
const shown = async () => {
  const real = registry();
  const labels: string[] = [];
  const note = (about: About): void =>
    void labels.push(...about.labels.map((label) => label.replaceAll(/\W/g, '_')));
  const meters: Registry = {
    ...real,
    counter: (about) => (note(about), real.counter(about)),
    histogram: (about) => (note(about), real.histogram(about)),
    gauge: (about, values) => (note(about), real.gauge(about, values)),
    observableCounter: (about, values) => (note(about), real.observableCounter(about, values)),
  };
  flowMeters(meters);
  countHappenings(meters);
  meterSpans(meters, () => ({ ended: 0, sent: 0, lost: 0 }));
  const sums = { bookings: 0, stuck: 0, rate: 0, verdicts: 0, behind: 0, proven: null };
  const totals = { ...sums, byState: {}, waiting: {}, spans: { kept: 0, dropped: 0 } };
  watchFlow(meters, {
    map: () => ({ services: [], totals }),
    stuck: () => ({ groups: [] }),
  });
  const end = watchProcess(meters, () => new Map(), systemClock);
  const types = [...(await real.render()).matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  end();
  const names = types.flatMap(([, name = '', type]) =>
    type === 'histogram' ? ['_bucket', '_sum', '_count'].map((part) => `${name}${part}`) : [name],
  );
  return { names: new Set(names), labels: new Set(labels) };
};

let process: Awaited<ReturnType<typeof shown>>;
beforeAll(async () => {
  process = await shown();
});

describe('alerts and the dashboard', () => {
  it('ask for metrics that a process shows, or that a rule records', () => {
    const recorded = rules.filter(({ kind }) => kind === 'record').map(({ name }) => name);
    const known = new Set([...process.names, ...recorded, 'ALERTS', 'up']);
    const wanted = asked.flatMap(metricsIn);
    expect(wanted.length).toBeGreaterThan(asked.length - 1);
    expect(wanted.filter((name) => !known.has(name))).toEqual([]);
    // Nothing is recorded for nobody.
    expect(recorded.filter((name) => !wanted.includes(name))).toEqual([]);
  });

  it('choose and group by labels that metrics have', () => {
    const ofPrometheus = ['le', 'job', 'instance', 'alertname', 'alertstate'];
    const known = new Set([...process.labels, ...ofPrometheus]);
    const wanted = asked.flatMap(labelsIn);
    expect(wanted).toContain('flow_outcome');
    expect(wanted.filter((label) => !known.has(label))).toEqual([]);
  });

  it('never by a booking', () => {
    expect(
      [...process.labels].filter((label) => /booking|conversation|message_id/.test(label)),
    ).toEqual([]);
  });
});

describe('every alert', () => {
  it('has a section in the runbook, and every section an alert', () => {
    const page = read('docs/operations.md');
    const [, sections = ''] = page.split('\n## Alerts\n');
    const anchors = [...sections.matchAll(/^### (.*)$/gm)].map(
      ([, title = '']) => `docs/operations.md#${title.toLowerCase().replaceAll(' ', '-')}`,
    );
    expect(anchors.length).toBeGreaterThan(10);
    expect(new Set(alerts.map(({ runbook }) => runbook))).toEqual(new Set(anchors));
    for (const { name } of alerts) expect(sections).toContain(`\`${name}\``);
  });
});

describe('the dashboard', () => {
  it('is what its table says (npx node tools/dashboard.mjs)', () => {
    expect(JSON.parse(read('deploy/observability/grafana/ensemble.json'))).toEqual(
      JSON.parse(JSON.stringify(dashboard())),
    );
  });
});

describe('Jaeger', () => {
  it('leads from a span to the story of its booking', () => {
    const { linkPatterns } = JSON.parse(read('deploy/observability/jaeger-ui.json'));
    expect(linkPatterns).toEqual([
      expect.objectContaining({
        type: 'tags',
        key: 'messaging.message.conversation_id',
        url: expect.stringMatching(/:3002\/bookings\/#\{messaging\.message\.conversation_id\}$/),
      }),
    ]);
  });
});
