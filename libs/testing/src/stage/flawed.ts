import type { Service } from '@ensemble/choreography';

type Reactions = Service['on'];

/**
 * A service whose code has a bug while `isFlawed` says so: it throws on some of its inputs, each
 * time on the same ones. What it throws on is parked, and must go on once the bug is gone.
 */
export const flawed = <S extends Service>(service: S, isFlawed: () => boolean): S => {
  const withFlaw = (reactions: Reactions): Reactions =>
    new Map(
      [...reactions].map(([name, reaction]) => [
        name,
        {
          ...reaction,
          decide: (state, input, context) => {
            const { id } = input as { readonly id: string };
            if (isFlawed() && id.charCodeAt(0) % 3 === 0) {
              throw new Error('this version of the code has a bug');
            }
            return reaction.decide(state, input, context);
          },
        },
      ]),
    );
  return { ...service, on: withFlaw(service.on), came: withFlaw(service.came) };
};
