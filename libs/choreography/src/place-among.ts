import type { ParkedInput } from '@ensemble/store';
import { standingOf } from './letter.ts';

/**
 * Where an input belongs among those of its stream that are parked: within a topic in the order of
 * the log, whoever parked them and when (a zombie, a process before this one); else as they came.
 */
export const placeAmong = (
  waiting: readonly ParkedInput[],
  { input, sequence }: ParkedInput,
): number => {
  const own = standingOf(input);
  const isOfTopic = (other: ParkedInput): boolean =>
    own !== null && standingOf(other.input)?.topic === own.topic;
  const isBefore = (other: ParkedInput): boolean =>
    isOfTopic(other) && (standingOf(other.input)?.offset ?? 0) < (own?.offset ?? 0);
  const from = waiting.findLastIndex(isBefore) + 1;
  const rest = waiting.slice(from);
  const behind = rest.findIndex((other) => isOfTopic(other) || other.sequence > sequence);
  return behind < 0 ? waiting.length : from + behind;
};
