import { useState } from 'react';
import { type Best, bestAvailable } from '../map/best.ts';
import type { House } from '../map/house.ts';
import { useTexts } from '../texts.ts';
import { seatsAtMost } from './choice.ts';

/** Chooses the best seats for so many people, with one press. */
export const BestForm = ({
  house,
  onFound,
}: {
  house: House;
  onFound: (best: Best | undefined, wanted: number) => void;
}) => {
  const texts = useTexts().best;
  const [wanted, setWanted] = useState(2);
  return (
    <form
      className="best"
      onSubmit={(event) => {
        event.preventDefault();
        onFound(bestAvailable(house, wanted), wanted);
      }}
    >
      <label>
        <span>{texts.seats}</span>
        <select value={wanted} onChange={({ target }) => setWanted(Number(target.value))}>
          {Array.from({ length: seatsAtMost }, (_, index) => (
            <option key={index}>{index + 1}</option>
          ))}
        </select>
      </label>
      <button type="submit">{texts.choose}</button>
    </form>
  );
};
