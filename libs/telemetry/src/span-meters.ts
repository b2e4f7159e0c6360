import type { Registry } from './registry.ts';

const states = ['ended', 'sent', 'lost'] as const;

/** Shows what became of the spans of a process: they ended, were sent to a collector, were lost. */
export const meterSpans = (
  registry: Registry,
  counts: () => Readonly<Record<(typeof states)[number], number>>,
): void =>
  registry.observableCounter(
    { name: 'flow.spans', help: 'Spans, by what became of them.', labels: ['state'] },
    () => {
      const found = counts();
      return states.map((state) => [[state], found[state]]);
    },
  );
