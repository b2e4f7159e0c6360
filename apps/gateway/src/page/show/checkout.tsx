import { Link } from '@ensemble/ui';
import { useEffect, useRef } from 'react';
import type { ShowMapView } from '../../schemas.ts';
import { BookingForm } from '../booking/booking-form.tsx';
import type { Section } from '../map/house.ts';
import { useTexts } from '../texts.ts';
import { ChosenSeats } from './chosen-seats.tsx';

/** Books what was chosen: who for, with which card, and once more what and how much. */
export const Checkout = ({
  show,
  section,
  seats,
  back,
  onDone,
}: {
  show: ShowMapView;
  section: Section;
  seats: readonly string[];
  /** The address of the choice. */
  back: string;
  onDone: () => void;
}) => {
  const texts = useTexts();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const { amount, currency } = section.price;
  return (
    <div className="choose">
      <section className="panel" aria-labelledby="checkout">
        <h2 id="checkout" ref={heading} tabIndex={-1}>
          {texts.checkout.title}
        </h2>
        <BookingForm
          show={show}
          section={section.section}
          seats={seats}
          total={{ amount: amount * seats.length, currency }}
          onDone={onDone}
        />
      </section>
      <section className="panel" aria-label={texts.summary.title}>
        <h2>{texts.summary.title}</h2>
        <ChosenSeats section={section} seats={seats} />
        <Link to={back}>{texts.checkout.back}</Link>
      </section>
    </div>
  );
};
