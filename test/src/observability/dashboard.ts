/** A panel: what it shows, and the queries of its lines, by what each is called in the legend. */
interface Panel {
  readonly title: string;
  readonly about: string;
  /** Grafana's name of the unit. */
  readonly unit: 'short' | 's' | 'percentunit' | 'reqps' | 'bytes';
  readonly lines: Readonly<Record<string, string>>;
  /** A number instead of a chart. */
  readonly isNumber?: boolean;
}
interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

const rate = (metric: string, by: string): string => `sum by (${by}) (rate(${metric}[1m]))`;
const quantile = (q: number, metric: string, by: string): string =>
  `histogram_quantile(${q}, ${rate(`${metric}_bucket`, `${by}, le`)})`;
const hearer = 'messaging_consumer_group_name';
const event = 'cloudevents_event_type';

/** The dashboard, from what the customer feels to what the process does. */
export const rows: readonly Row[] = [
  {
    title: 'Now',
    panels: [
      {
        title: 'Bookings that are stuck',
        about: 'Their next step is overdue. The monitor names them, page Stuck.',
        unit: 'short',
        isNumber: true,
        lines: { stuck: 'sum(flow_bookings_stuck) or vector(0)' },
      },
      {
        title: 'Dead letters',
        about: 'Records that could not be read. The monitor shows why, page Dead letters.',
        unit: 'short',
        isNumber: true,
        lines: { dead: 'sum(flow_dead_letters) or vector(0)' },
      },
      {
        title: 'Streams parked',
        about: 'A decision failed: what follows in these streams waits for a repair.',
        unit: 'short',
        isNumber: true,
        lines: { parked: 'sum(flow_parked_streams) or vector(0)' },
      },
      {
        title: 'Late events in an hour',
        about: 'Processed later than 5 s after they were decided. The objective is 0.1 %.',
        unit: 'percentunit',
        isNumber: true,
        lines: { late: 'flow:late:ratio_rate1h' },
      },
      {
        title: 'Alerts',
        about: 'What fires. Each has a section in docs/operations.md.',
        unit: 'short',
        isNumber: true,
        lines: { '{{alertname}}': 'sum by (alertname) (ALERTS{alertstate="firing"})' },
      },
    ],
  },
  {
    title: 'Bookings',
    panels: [
      {
        title: 'Ended, by outcome',
        about: 'A second, over a minute.',
        unit: 'reqps',
        lines: { '{{outcome}}': rate('flow_bookings_total', 'outcome') },
      },
      {
        title: 'Under way, by state',
        about: 'Bookings that have not ended.',
        unit: 'short',
        lines: { '{{state}}': 'sum by (state) (flow_bookings_active)' },
      },
      {
        title: 'From requested to the end',
        about: 'A card that is declined waits for its customer.',
        unit: 's',
        lines: {
          'p50 {{outcome}}': quantile(0.5, 'flow_booking_duration_seconds', 'outcome'),
          'p99 {{outcome}}': quantile(0.99, 'flow_booking_duration_seconds', 'outcome'),
        },
      },
      {
        title: 'Stuck, by step and suspect',
        about: 'Who owes an answer to what, and why it may be.',
        unit: 'short',
        lines: { '{{step}}: {{suspect}}': 'sum by (step, suspect) (flow_bookings_stuck)' },
      },
    ],
  },
  {
    title: 'Hops',
    panels: [
      {
        title: 'From decided to processed, p99',
        about: 'By event and who heard it.',
        unit: 's',
        lines: {
          [`{{${event}}} → {{${hearer}}}`]: quantile(
            0.99,
            'flow_hop_duration_seconds',
            `${event}, ${hearer}`,
          ),
        },
      },
      {
        title: 'Of it waiting, p99',
        about: 'Before its hearer began with it.',
        unit: 's',
        lines: {
          [`{{${event}}} → {{${hearer}}}`]: quantile(
            0.99,
            'flow_hop_wait_seconds',
            `${event}, ${hearer}`,
          ),
        },
      },
      {
        title: 'Lag',
        about: 'Records that wait for a service.',
        unit: 'short',
        lines: { '{{service}} {{topic}}': 'max by (service, topic) (flow_consumer_lag)' },
      },
      {
        title: 'What became of what was heard',
        about: 'Why did nothing happen: nothing to do, repeated, withdrawn, parked, dead.',
        unit: 'reqps',
        lines: {
          [`{{${hearer}}} {{flow_outcome}}`]: rate(
            'messaging_client_consumed_messages_total',
            `${hearer}, flow_outcome`,
          ),
        },
      },
    ],
  },
  {
    title: 'The world outside',
    panels: [
      {
        title: 'Tries of to-dos',
        about: 'By what became of them.',
        unit: 'reqps',
        lines: {
          '{{flow_to_do_name}} {{flow_outcome}}': rate(
            'flow_to_do_duration_seconds_count',
            'flow_to_do_name, flow_outcome',
          ),
        },
      },
      {
        title: 'A try, p99',
        about: 'How long the provider or the mail server takes.',
        unit: 's',
        lines: {
          '{{flow_to_do_name}}': quantile(0.99, 'flow_to_do_duration_seconds', 'flow_to_do_name'),
        },
      },
      {
        title: 'Reminders, how late, p99',
        about: 'Late reminders keep seats that nobody pays for.',
        unit: 's',
        lines: { '{{service}}': quantile(0.99, 'flow_timer_lateness_seconds', 'service') },
      },
    ],
  },
  {
    title: 'Log, stores and processes',
    panels: [
      {
        title: 'Calls to the log, p99',
        about: 'Publishing what was decided.',
        unit: 's',
        lines: {
          '{{service}}': quantile(0.99, 'messaging_client_operation_duration_seconds', 'service'),
        },
      },
      {
        title: 'Calls to the store, p99',
        about: 'Every decision waits for one.',
        unit: 's',
        lines: { '{{service}}': quantile(0.99, 'flow_store_duration_seconds', 'service') },
      },
      {
        title: 'Delay of the event loop, p99',
        about: 'A process that has too much to do, or blocks.',
        unit: 's',
        lines: { '{{instance}}': 'nodejs_eventloop_delay_seconds{quantile="0.99"}' },
      },
      {
        title: 'Memory',
        about: 'Of each process.',
        unit: 'bytes',
        lines: { '{{instance}}': 'process_resident_memory_bytes' },
      },
      {
        title: 'Spans',
        about: 'Sent to the collector, and lost on the way there.',
        unit: 'reqps',
        lines: { '{{state}}': rate('flow_spans_total', 'state') },
      },
      {
        title: 'The monitor’s own',
        about: 'Records it has not read yet, and the share of bookings whose traces are whole.',
        unit: 'short',
        lines: {
          'records behind': 'max(flow_ledger_behind)',
          'traces whole': 'min(flow_trace_rebuild_ratio)',
        },
      },
    ],
  },
];

const width = 24;
const height = 8;
const rowHeight = 1;

/** The panels of a row beside each other, three in a line at most unless they are numbers. */
const placed = ({ title, panels }: Row, top: number) => {
  const inLine = panels.some(({ isNumber }) => isNumber)
    ? panels.length
    : Math.min(3, panels.length);
  const w = Math.floor(width / inLine);
  const bottom = top + rowHeight + height * Math.ceil(panels.length / inLine);
  const head = { type: 'row', title, gridPos: { x: 0, y: top, w: width, h: rowHeight } };
  const below = panels.map((panel, index) => ({
    type: panel.isNumber ? 'stat' : 'timeseries',
    title: panel.title,
    description: panel.about,
    gridPos: {
      x: w * (index % inLine),
      y: top + rowHeight + height * Math.floor(index / inLine),
      w,
      h: height,
    },
    datasource: { type: 'prometheus', uid: 'prometheus' },
    fieldConfig: { defaults: { unit: panel.unit, min: 0 }, overrides: [] },
    targets: Object.entries(panel.lines).map(([legendFormat, expr], number) => ({
      refId: String.fromCodePoint(65 + number),
      expr,
      legendFormat,
    })),
  }));
  return { all: [head, ...below], bottom };
};

/** The dashboard as Grafana reads it. */
export const dashboard = () => {
  let top = 0;
  const panels = rows.flatMap((row) => {
    const { all, bottom } = placed(row, top);
    top = bottom;
    return all;
  });
  return {
    uid: 'ensemble',
    title: 'Ensemble',
    schemaVersion: 41,
    refresh: '10s',
    time: { from: 'now-30m', to: 'now' },
    links: [{ type: 'link', title: 'Monitor', url: 'http://localhost:3002', targetBlank: true }],
    panels: panels.map((panel, index) => ({ id: index + 1, ...panel })),
  };
};

/** Every query of the dashboard. */
export const queries = (): readonly string[] =>
  rows.flatMap(({ panels }) => panels.flatMap(({ lines }) => Object.values(lines)));
