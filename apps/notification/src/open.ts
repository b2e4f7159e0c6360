import type { EffectsOf } from '@ensemble/choreography';
import { type FactsOf, letter, type Occasion } from './letters.ts';
import { type Mail, mailer } from './mail.ts';
import type { notification } from './notification.ts';

const mailOf = <O extends Occasion>({ about, facts }: { about: O; facts: FactsOf[O] }): Mail => ({
  ...letter(about, facts),
  to: facts.customer,
});

/** Writes the mails and sends them; where to and how is told to {@link mailer}. */
export const correspondent = (
  where: Parameters<typeof mailer>[0],
): EffectsOf<typeof notification> => {
  const send = mailer(where);
  return { mail: (args, { id }) => send(mailOf(args), { id }) };
};
