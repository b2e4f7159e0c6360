import { causes, hearing, saying, streams, toDos } from './commits.ts';
import { deadLetters, eventsOn, sequences } from './events.ts';
import type { Evidence, Finding } from './evidence.ts';
import { mailing, notices } from './mails.ts';
import { readModels } from './read-models.ts';
import { admissions, seatMaps, tickets } from './seats.ts';
import { acceptance, money, outcomes, storiesOf } from './stories.ts';

/**
 * Looks from outside at what a system at rest has left behind, and holds it to what must always be
 * true of it. What concerns traces is not looked at: there are none yet.
 */
export const findings = (evidence: Evidence): Finding[] => {
  const { kept, mails } = evidence;
  const { events, finding } = eventsOn(evidence);
  const stories = storiesOf(events);
  return [
    finding,
    sequences(events),
    acceptance(stories, evidence),
    outcomes(stories),
    seatMaps(events, stories),
    tickets(stories),
    admissions(stories),
    money(stories, evidence),
    mails === undefined ? notices(stories) : mailing(stories, mails),
    deadLetters(evidence),
    ...(kept === undefined
      ? []
      : [
          streams(kept),
          saying(kept, events, evidence),
          hearing(kept, events, evidence),
          causes(kept, events),
          toDos(kept),
          readModels(kept, events),
        ]),
  ];
};

/** What is wrong, in words; nothing if all is well. */
export const audit = (evidence: Evidence): string[] =>
  findings(evidence).flatMap(({ violations }) => violations);

/** What was looked at, a line each, and every violation. */
export const report = (found: readonly Finding[]): string[] =>
  found.flatMap(({ what, count, violations }) => [
    `${violations.length === 0 ? '✓' : '✗'} ${String(count).padStart(7)} ${what}`,
    ...violations.map((violation) => `          ${violation}`),
  ]);
