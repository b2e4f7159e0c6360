import { describe, expect, it } from '@jest/globals';
import { registry } from './registry.ts';

describe('the registry', () => {
  it('shows a counter, its help and its labels', async () => {
    const meters = registry();
    const count = meters.counter({ name: 'flow.x', help: 'What.', labels: ['a.b', 'c'] });
    count(['1', '']);
    count(['1', ''], 2);
    count(['q"uo\\te', 'two\nlines']);
    expect(await meters.render()).toBe(
      [
        '# HELP flow_x_total What.',
        '# TYPE flow_x_total counter',
        'flow_x_total{a_b="1"} 3',
        String.raw`flow_x_total{a_b="q\"uo\\te",c="two lines"} 1`,
        '',
      ].join('\n'),
    );
  });

  it('shows a histogram: buckets add up, a bound belongs to its bucket', async () => {
    const meters = registry();
    const about = { name: 'flow.y', unit: 's', help: 'What.', labels: ['a'] };
    const observe = meters.histogram({ ...about, buckets: [0.1, 1] });
    for (const value of [0.05, 0.1, 0.5, 7]) observe(['1'], value);
    expect((await meters.render()).split('\n').slice(2)).toEqual([
      'flow_y_seconds_bucket{a="1",le="0.1"} 2',
      'flow_y_seconds_bucket{a="1",le="1"} 3',
      'flow_y_seconds_bucket{a="1",le="+Inf"} 4',
      'flow_y_seconds_sum{a="1"} 7.65',
      'flow_y_seconds_count{a="1"} 4',
      '',
    ]);
  });

  it('counts without labels', async () => {
    const meters = registry();
    const count = meters.counter({ name: 'flow.x', help: 'What.', labels: [] });
    count([]);
    count([]);
    expect(await meters.render()).toContain('\nflow_x_total 2\n');
  });

  it('asks a gauge when somebody looks', async () => {
    const meters = registry();
    let value = 1;
    meters.gauge({ name: 'flow.z', help: 'What.', labels: [] }, () =>
      Promise.resolve([[[], value]]),
    );
    value = 5;
    expect(await meters.render()).toContain('\nflow_z 5\n');
  });

  it('asks a counter that is kept elsewhere, and shows it as one', async () => {
    const meters = registry();
    const about = { name: 'flow.z', help: 'What.', labels: ['state'] };
    meters.observableCounter(about, () => [[['lost'], 7]]);
    expect((await meters.render()).split('\n').slice(1)).toEqual([
      '# TYPE flow_z_total counter',
      'flow_z_total{state="lost"} 7',
      '',
    ]);
  });

  it('has no more than a thousand series, whatever strangers send', async () => {
    const meters = registry();
    const count = meters.counter({ name: 'flow.x', help: 'What.', labels: ['a'] });
    for (let n = 0; n < 5_000; n += 1) count([`${n}`]);
    const text = await meters.render();
    expect(text.split('\n').filter((line) => line.startsWith('flow_x_total{'))).toHaveLength(1_001);
    expect(text).toContain('flow_x_total{a="other"} 4000');
  });
});
