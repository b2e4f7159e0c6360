import { useId } from 'react';
import { useBookingTexts } from './texts.ts';

/** Cards to try out with, as the provider names them. */
export const testCards = [
  'pm_card_visa',
  'pm_card_mastercard',
  'pm_card_visa_chargeDeclined',
  'pm_card_visa_chargeDeclinedInsufficientFunds',
] as const;
export type TestCard = (typeof testCards)[number];

/** Chooses a card; the form that it is in has it under `card`. */
export const CardChoice = ({ chosen }: { chosen?: string | undefined }) => {
  const texts = useBookingTexts();
  const id = useId();
  const first = testCards.find((card) => card === chosen) ?? testCards[0];
  return (
    <fieldset className="cards" aria-describedby={id}>
      <legend>{texts.form.card}</legend>
      {testCards.map((card) => {
        const { name, does } = texts.cards[card];
        return (
          <label key={card} className="card">
            <input type="radio" name="card" value={card} defaultChecked={card === first} />
            <span>
              {name} <span className="soft">{does}</span>
            </span>
          </label>
        );
      })}
      <p className="hint" id={id}>
        {texts.form.cardHint}
      </p>
    </fieldset>
  );
};
