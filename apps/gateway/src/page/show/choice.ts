import type { House, Place } from '../map/house.ts';

/** More than these are not booked at once. */
export const seatsAtMost = 8;

/** What a press on a seat comes to: another choice, or why it stays as it is. */
export type Pressed =
  | { readonly seats: readonly string[]; readonly how: 'chosen' | 'given-up' }
  | { readonly seats: readonly string[]; readonly how: 'too-many' | 'not-free' };

/** A seat is chosen, or given up when it was. */
export const pressed = (chosen: readonly string[], { name, letter }: Place): Pressed => {
  if (chosen.includes(name)) {
    return { seats: chosen.filter((each) => each !== name), how: 'given-up' };
  }
  if (letter !== 'f') return { seats: chosen, how: 'not-free' };
  if (chosen.length >= seatsAtMost) return { seats: chosen, how: 'too-many' };
  return { seats: [...chosen, name], how: 'chosen' };
};

/** A choice parted into what can still be had, and what others have taken meanwhile. */
export const still = (
  house: House,
  chosen: readonly string[],
): { readonly kept: readonly string[]; readonly lost: readonly string[] } => {
  const isFree = (seat: string): boolean => house.find(seat)?.letter === 'f';
  return {
    kept: chosen.filter(isFree),
    lost: chosen.filter((seat) => !isFree(seat)),
  };
};

/** A choice as it stands in an address, and back: what is no seat's name is left out. */
export const choiceIn = (text: string | null): readonly string[] => {
  const names = (text ?? '').split(',').filter((name) => /^[A-Z0-9]{1,4}-\d{1,3}$/.test(name));
  return [...new Set(names)].slice(0, seatsAtMost);
};
export const choiceOf = (seats: readonly string[]): string => seats.join(',');
