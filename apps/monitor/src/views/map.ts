/** Money that waits or moved, per currency. */
export interface MoneyView {
  readonly amount: number;
  readonly currency: string;
}

/** Percentiles over the last five minutes; null without a sample. */
export interface Durations {
  readonly p50: number | null;
  readonly p99: number | null;
  readonly count: number;
}

/** `GET /api/map[?at=]`: services and topics, and what flows between them. */
export interface MapView {
  /** The moment it shows. */
  readonly at: number;
  readonly services: readonly ServiceView[];
  readonly topics: readonly TopicView[];
  /** A service says an event, and another hears it. */
  readonly edges: readonly EdgeView[];
  readonly totals: TotalsView;
}

export interface ServiceView {
  readonly name: string;
  /** Version of its table; null if it declared none: an observed stranger. */
  readonly version: number | null;
  /** Records that wait for it, over all topics that it hears. */
  readonly lag: number;
  /** Since when its lag stands and it acknowledges nothing; null while it moves or has no lag. */
  readonly standsSince: number | null;
  readonly parked: number;
  readonly dead: number;
  readonly toDos: readonly {
    readonly name: string;
    readonly kind: 'effect' | 'reminder';
    readonly reaches?: string | undefined;
  }[];
}

export interface TopicView {
  readonly name: string;
  /** Records in all. */
  readonly records: number;
  /** Records a second, over the last minute. */
  readonly rate: number;
}

export interface EdgeView {
  readonly from: string;
  readonly event: string;
  readonly to: string;
  /** `ghost`: declared, never seen; `undeclared`: seen, not declared. */
  readonly state: 'seen' | 'ghost' | 'undeclared';
  readonly count: number;
  readonly rate: number;
  /** From decided to processed; by the answers on the log where no spans tell. */
  readonly duration: Durations;
  /** Of it, from the log's receipt to the beginning of processing. */
  readonly wait: Durations;
}

export interface TotalsView {
  readonly bookings: number;
  readonly byState: Readonly<Record<string, number>>;
  readonly stuck: number;
  /** Money of bookings that are neither final nor paid, by state. */
  readonly waiting: Readonly<Record<string, readonly MoneyView[]>>;
  /** Bookings a minute, over the last minute. */
  readonly rate: number;
  /** Verdicts that stand. */
  readonly verdicts: number;
  /** Bookings whose flow from spans equals that from the log, of those checked; null before any. */
  readonly proven: { readonly equal: number; readonly checked: number } | null;
  readonly spans: { readonly kept: number; readonly dropped: number };
  /** How far the ledger is behind the log, in records. */
  readonly behind: number;
}
