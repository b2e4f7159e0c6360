import type { TraceParent } from './trace-context.ts';

/** What made a service work: an event as it comes, or something later, which begins a new trace. */
export type Trigger = 'event' | 'command' | 'retry' | 'redrive' | 'timer';

/**
 * What became of an input: `decided` and something was said or is to be done, `nothing` came of it,
 * it was a `repeated` delivery, a `copy` at another position, the answer to something `withdrawn`,
 * its stream is `parked`, it is among the `dead` letters, or the try `failed` and is tried again.
 */
export type Outcome =
  'decided' | 'nothing' | 'repeated' | 'copied' | 'withdrawn' | 'parked' | 'dead' | 'failed';

/** A record of the log, as it comes to a service. */
export interface HeardMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** The record's key. */
  readonly key: string;
  /** When the log received it, in milliseconds since 1970 UTC. */
  readonly receivedAt: number;
  readonly id: string;
  /** One that is known, or `unknown`: strangers may call theirs anything, and metrics count by it. */
  readonly type: string;
  readonly conversationId: string;
  /** When it was decided, in milliseconds since 1970 UTC. */
  readonly time: number;
  /** The context that it carries, whoever wrote it. */
  readonly traceparent: string | undefined;
  readonly trigger: Trigger;
  /** Whether it may say something on it at once; if not, what it does is told by its to-dos. */
  readonly maySay: boolean;
}

/** An event that was decided and is on the log now. */
export interface SaidMessage {
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A to-do that is tried, or a reminder that fires. */
export interface TriedToDo {
  readonly id: string;
  readonly name: string;
  readonly conversationId: string;
  /** What it reaches outside, such as `payment provider`; a reminder reaches nothing. */
  readonly reaches: string | undefined;
  readonly isReminder: boolean;
  /** When it was due, in milliseconds since 1970 UTC. */
  readonly dueAt: number;
  /** 1 for the first try. */
  readonly attempt: number;
  /** The context of the decision that named it. */
  readonly trace: TraceParent | undefined;
}

/** What came of a to-do, heard later than it came: its stream was parked, or it was dead. */
export interface LateOutcome {
  /** The to-do's id. */
  readonly id: string;
  readonly name: string;
  readonly conversationId: string;
  readonly trigger: Extract<Trigger, 'retry' | 'redrive'>;
  /** The context of the try of which it came. */
  readonly trace: TraceParent | undefined;
}

/** A piece of work under way: a message that is processed, a to-do that is tried. */
export interface Work {
  /** The context in which decisions are made in it; undefined where nothing is traced. */
  readonly trace: TraceParent | undefined;
  /** Ends it, once. */
  end(outcome: Outcome, error?: unknown): void;
}

/**
 * What a runtime tells of its work, for spans and metrics. Nothing of it decides anything, waits for
 * anything or fails: a collector that is away costs spans, never bookings.
 */
export interface Telemetry {
  /**
   * The context in which a request is decided: that of the request itself where there is one, else
   * a new trace; undefined if its conversation is not traced.
   */
  begin(conversationId: string, request?: TraceParent): TraceParent | undefined;
  /** A message comes to the service. */
  hear(message: HeardMessage): Work;
  /** What came of a to-do comes once more. */
  recall(outcome: LateOutcome): Work;
  /** A to-do is tried. */
  attempt(toDo: TriedToDo): Work;
  /**
   * An event is on the log by now; it was decided in a context, at a moment. It may have been told
   * before, by whoever decided it.
   */
  said(
    message: SaidMessage,
    decided: {
      readonly in: TraceParent | undefined;
      readonly at: number;
      readonly isAgain?: boolean;
    },
  ): void;
  /** The log or the store is called; what is returned is told whether it answered. */
  call(where: 'log' | 'store'): (isAnswered: boolean) => void;
}

const ignored = (): void => undefined;
const idle: Work = { trace: undefined, end: () => undefined };

/** Traces nothing: contexts that events carry are handed on as they are. */
export const noTelemetry: Telemetry = {
  begin: (_conversationId, request) => request,
  hear: () => idle,
  recall: () => idle,
  attempt: () => idle,
  said: () => undefined,
  call: () => ignored,
};
