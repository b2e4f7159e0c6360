import type { LinkView, StoryView } from '../views.ts';

/** Where another tool shows a booking or a trace. */
export interface LinkTemplate {
  readonly name: string;
  /** An address with `{bookingId}` or `{traceId}`, or both, in it. */
  readonly template: string;
}

type Ids = Readonly<Partial<Record<'bookingId' | 'traceId', string>>>;

const placeholder = /\{(bookingId|traceId)\}/g;

/** The links to a trace; without one, to the booking as a whole. */
export const linksTo = (templates: readonly LinkTemplate[], ids: Ids): readonly LinkView[] =>
  templates
    .filter(({ template }) => template.includes('{traceId}') === (ids.traceId !== undefined))
    .map(({ name, template }) => ({
      name,
      url: template.replaceAll(placeholder, (_, id: keyof Ids) =>
        encodeURIComponent(ids[id] ?? ''),
      ),
    }));

/** A story with the links to other tools. */
export const withLinks = (story: StoryView, templates: readonly LinkTemplate[]): StoryView => {
  const { bookingId } = story.booking;
  return {
    ...story,
    links: linksTo(templates, { bookingId }),
    traces: story.traces.map((trace) => ({
      ...trace,
      links: linksTo(templates, { bookingId, traceId: trace.traceId }),
    })),
  };
};
