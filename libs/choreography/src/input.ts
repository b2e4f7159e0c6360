import type { AnyEvent } from '@ensemble/contracts';
import type { Json } from '@ensemble/store';
import type { TraceParent } from '@ensemble/telemetry';
import type { Came } from './service.ts';

/**
 * What a service decides on, each with an id by which it is decided once. Its `trace` is the
 * context in which it is decided; without one nothing is traced here.
 */
export type Input = Decidable | Newer;
export type Decidable = Heard | Answered | Asked;

/** An event, heard from the log. */
export interface Heard {
  readonly kind: 'event';
  readonly id: string;
  readonly event: AnyEvent;
  /** `topic/partition/offset`. */
  readonly position: string;
  readonly trace?: TraceParent | undefined;
}

/** An event in a version that is not known here: another instance may know it, this one waits. */
export interface Newer {
  readonly kind: 'newer';
  readonly id: string;
  /** The event's type. */
  readonly name: string;
  /** `topic/partition/offset`. */
  readonly position: string;
}

/** What came of a to-do. */
export interface Answered {
  readonly kind: 'came';
  /** The to-do's id. */
  readonly id: string;
  /** The to-do's name. */
  readonly name: string;
  readonly came: Came;
  readonly trace?: TraceParent | undefined;
}

/** A request from outside. */
export interface Asked {
  readonly kind: 'command';
  readonly id: string;
  readonly name: string;
  readonly data: Json;
  /** Tells a repeat of the same request from another one under the same id. */
  readonly fingerprint: string;
  readonly time: number;
  readonly trace?: TraceParent | undefined;
}

/** Where an input stood in the log; a to-do or a request stood nowhere. */
export const positionOf = (input: Input): string | null =>
  input.kind === 'event' || input.kind === 'newer' ? input.position : null;

/** The name under which tables and counters know an input. */
export const nameOf = (input: Input): string =>
  input.kind === 'event' ? input.event.type : input.name;
