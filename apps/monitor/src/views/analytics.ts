/** `GET /api/analytics[?from=&to=]`. */
export interface AnalyticsView {
  readonly from: number;
  readonly to: number;
  readonly steps: readonly {
    readonly from: string;
    readonly to: string;
    readonly count: number;
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
  }[];
  readonly outcomes: readonly {
    readonly state: string;
    readonly count: number;
    readonly p50: number;
    readonly p99: number;
  }[];
  /** Which events a booking went through, in order of cause. */
  readonly variants: readonly {
    readonly path: readonly string[];
    readonly count: number;
    readonly example: string;
    readonly p50: number;
  }[];
  /** Hops on critical paths: how often, and their share of the time. */
  readonly critical: readonly {
    readonly from: string;
    readonly event: string;
    readonly to: string;
    readonly count: number;
    readonly share: number;
  }[];
  /** Per minute. */
  readonly rates: readonly {
    readonly at: number;
    readonly started: number;
    readonly ended: number;
    readonly failed: number;
  }[];
}

/** `POST /api/what-if` with a subscriber's table: what would be, if it were started. */
export interface WhatIfView {
  readonly service: string;
  /** Data that the events it hears bring. */
  readonly available: readonly {
    readonly event: string;
    readonly from: string;
    readonly fields: readonly string[];
    readonly personal: readonly string[];
  }[];
  /** Events that it wants and nobody says. */
  readonly missing: readonly string[];
  /** Cycles of services that were not there before. */
  readonly cycles: readonly (readonly string[])[];
  /** Records a second at the present rate, and in all from the beginning. */
  readonly load: { readonly rate: number; readonly history: number };
  readonly partitions: number;
  readonly warnings: readonly string[];
}
