import { idOf, type Observe } from '@ensemble/choreography';
import type { AnyEvent, EventOf } from '@ensemble/contracts';
import type { Commit, Store } from '@ensemble/store';
import { isOf, type Patience } from '@ensemble/host/edge';
import type { Identity } from './identity.ts';
import { type Fault, Problem } from './problem.ts';
import type { OpenedView, ShowRequest } from './schemas.ts';
import type { Shows } from './shows.ts';
import { saidBy } from './views.ts';
import type { Submit } from './gateway.ts';

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

type Fields = Readonly<Record<string, unknown>>;

/** What is described otherwise than it is on sale, field by field. */
const differences = (at: string, described: Fields, onSale: Fields): Fault[] =>
  Object.entries(described).flatMap(([field, value]) => {
    const [expected, found] = [JSON.stringify(onSale[field]), JSON.stringify(value)];
    const detail = `expected ${expected}, as it is on sale, found ${found}`;
    return found === expected ? [] : [{ pointer: `${at}/${field}`, detail }];
  });

const isOpening = (event: AnyEvent): event is EventOf<'section.opened'> =>
  event.type === 'section.opened';

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
    const show = { title, venue, startsAt };
    const openings = openingsOf(description, identity);

    const mustAgree = (commits: readonly (Commit | undefined)[], known: Fields = show): void => {
      const ofSections = openings.flatMap(({ data: { rows, price }, fingerprint }, index) => {
        const commit = commits[index];
        if (commit === undefined || isOf(fingerprint, commit)) return [];
        const onSale = saidBy(commit).find(isOpening)?.data;
        return [
          ...differences('', show, onSale?.show ?? {}),
          ...differences(`/sections/${index}`, { rows, price }, onSale ?? {}),
        ];
      });
      const faults = [...differences('', show, known), ...ofSections];
      if (faults.length === 0) return;
      // Each section tells of the show as well.
      const errors = [...new Map(faults.map((fault) => [fault.pointer, fault])).values()];
      throw new Problem('opened-differently', `${showId} is on sale already.`, { errors });
    };

    mustAgree(
      await reads(() => Promise.all(openings.map(({ stream, id }) => store.find(stream, id)))),
      catalogue.describe(showId),
    );
    const settled = await commits(() =>
      Promise.all(openings.map((each) => submit({ name: 'open-section', ...each, traceparent }))),
    );
    const made = settled.flatMap(({ commit }) => commit ?? []);
    mustAgree(settled.map(({ commit }) => commit));
    // Known here at once; other gateways read it from the log.
    for (const event of made.flatMap(saidBy)) catalogue.hear(event);
    observe('decided', { service: 'gateway', what: `opening of a show by ${by}` });
    return {
      showId,
      sections: description.sections.map(({ section }) => section),
      isNew: settled.some(({ how }) => how === 'decided'),
    };
  };
