import { idOf, type Observe } from '@ensemble/choreography';
import type { Commit, Store } from '@ensemble/store';
import type { Identity } from './identity.ts';
import type { Patience } from './patience.ts';
import { type Fault, Problem } from './problem.ts';
import type { OpenedView, ShowRequest } from './schemas.ts';
import type { Shows } from './shows.ts';
import { isOf, type Submit } from './submission.ts';
import { saidBy } from './views.ts';

/** Who opens a show, by name. */
export interface Operator {
  readonly by: string;
  readonly traceparent?: string | undefined;
}

/**
 * Puts the sections of a show on sale. The same description again is the same opening.
 * @throws Problem `opened-differently`; then no section of it was opened, unless another operator
 *   described it differently at the same moment
 */
export type OpenShow = (
  description: ShowRequest,
  operator: Operator,
) => Promise<OpenedView & { readonly isNew: boolean }>;

/** An opening, as it is submitted. */
const openingsOf = (
  { showId, title, venue, startsAt, sections }: ShowRequest,
  identity: Identity,
) =>
  sections.map(({ section, rows, price }) => {
    const key = `${showId}/${section}`;
    const data = { showId, section, show: { title, venue, startsAt }, rows, price };
    const fingerprint = identity.fingerprint(data);
    return { id: idOf('open-section', key), stream: key, key, data, fingerprint };
  });

export const opening =
  ({
    submit,
    identity,
    store,
    shows,
    commits,
    reads,
    observe,
  }: {
    submit: Submit;
    identity: Identity;
    store: Pick<Store, 'find'>;
    /** The shows, once all of them are known. @throws Problem `cold` */
    shows: () => Shows;
    commits: Patience;
    reads: Patience;
    observe: Observe;
  }): OpenShow =>
  async (description, { by, traceparent }) => {
    const catalogue = shows();
    const { showId, title, venue, startsAt } = description;
    const openings = openingsOf(description, identity);

    const mustAgree = (found: readonly (Commit | undefined)[]): void => {
      const errors = openings.flatMap(({ data, fingerprint }, index): Fault[] =>
        found[index] === undefined || isOf(fingerprint, found[index])
          ? []
          : [{ pointer: `/sections/${index}`, detail: `${data.section} is on sale already.` }],
      );
      if (errors.length === 0) return;
      throw new Problem('opened-differently', 'Sections are on sale already.', { errors });
    };

    const known = catalogue.describe(showId);
    const same = known?.title === title && known.venue === venue && known.startsAt === startsAt;
    if (known !== undefined && !same) {
      const errors = [{ pointer: '', detail: `${showId} is ${known.title} at ${known.venue}.` }];
      throw new Problem('opened-differently', `${showId} is on sale already.`, { errors });
    }
    mustAgree(
      await reads(() => Promise.all(openings.map(({ stream, id }) => store.find(stream, id)))),
    );
    const settled = await commits(() =>
      Promise.all(openings.map((each) => submit({ name: 'open-section', ...each, traceparent }))),
    );
    const made = settled.flatMap(({ commit }) => commit ?? []);
    mustAgree(made);
    // Known here at once; other gateways read it from the log.
    for (const event of made.flatMap(saidBy)) catalogue.hear(event);
    observe('decided', { service: 'gateway', what: `opening of a show by ${by}` });
    return {
      showId,
      sections: description.sections.map(({ section }) => section),
      isNew: settled.some(({ how }) => how === 'decided'),
    };
  };
