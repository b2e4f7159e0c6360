import { go, useAddress, useReading } from '@ensemble/ui';
import { useMemo, useState } from 'react';
import type { ShowMapView } from '../../schemas.ts';
import { addresses } from '../addresses.ts';
import type { Best } from '../map/best.ts';
import { houseOf, partsOf, type Place, type Section } from '../map/house.ts';
import { SeatMap } from '../map/seat-map.tsx';
import { useTexts } from '../texts.ts';
import { BestForm } from './best-form.tsx';
import { Checkout } from './checkout.tsx';
import { choiceIn, choiceOf, pressed, seatsAtMost, still } from './choice.ts';
import { Legend } from './legend.tsx';
import { SeatList } from './seat-list.tsx';
import { Summary } from './summary.tsx';

/** Chooses seats of a section, and hands them over to be booked. The choice stands in the address. */
export const Choose = ({ show, section }: { show: ShowMapView; section: Section }) => {
  const texts = useTexts();
  const { formats } = useReading();
  const { query } = useAddress();
  const [isList, setIsList] = useState(false);
  const [notice, setNotice] = useState('');

  // The same rows come with every message, also when only another section has changed.
  const rows = JSON.stringify(section.rows);
  const house = useMemo(() => houseOf(JSON.parse(rows)), [rows]);
  const inAddress = query.get('seats');
  const wanted = useMemo(() => choiceIn(inAddress), [inAddress]);
  const { kept: chosen, lost } = useMemo(() => still(house, wanted), [house, wanted]);
  // What is being booked may be held for this very booking: it is no longer judged here.
  const isBooking = query.get('step') === 'book' && wanted.length > 0;

  const address = (seats: readonly string[], step?: 'book'): string =>
    addresses.show.to(
      { id: show.showId },
      { section: section.section, seats: choiceOf(seats), step },
    );
  const choose = (seats: readonly string[]): void => go(address(seats), { replace: true });
  const saidLost = (gone: readonly string[], kept: readonly string[]): string => {
    const places = gone.map(partsOf);
    const listed = formats.list(places.map(({ row, number }) => texts.seat.place(row, number)));
    return texts.choice.lost(listed, gone.length, kept.length);
  };

  const { amount, currency } = section.price;
  const nameOf = useMemo(() => {
    const price = formats.money({ amount, currency });
    return ({ row, number, letter }: Place) => texts.seat.name(row, number, price, letter);
  }, [formats, texts, amount, currency]);

  const press = (seat: Place): void => {
    const { seats, how } = pressed(chosen, seat);
    if (how === 'not-free') setNotice(texts.choice.notFree(nameOf(seat)));
    else if (how === 'too-many') setNotice(texts.choice.tooMany(seatsAtMost));
    else {
      setNotice('');
      choose(seats);
    }
  };
  const take = (best: Best | undefined, wanted: number): void => {
    if (best === undefined) return setNotice(texts.best.tooFew(wanted));
    setNotice(best.isTogether ? '' : texts.best.apart(wanted));
    choose(best.seats.map(({ name }) => name));
  };

  if (isBooking) {
    return (
      <Checkout
        show={show}
        section={section}
        seats={wanted}
        back={address(wanted)}
        onDone={() => choose([])}
      />
    );
  }
  return (
    <div className="choose">
      <section className="panel" aria-label={texts.show.seats}>
        <div className="row apart">
          <BestForm house={house} onFound={take} />
          <div className="views" role="group" aria-label={texts.show.views}>
            <button type="button" aria-pressed={!isList} onClick={() => setIsList(false)}>
              {texts.show.map}
            </button>
            <button type="button" aria-pressed={isList} onClick={() => setIsList(true)}>
              {texts.show.list}
            </button>
          </div>
        </div>
        {isList ? (
          <SeatList house={house} chosen={chosen} nameOf={nameOf} onPress={press} />
        ) : (
          <>
            <SeatMap house={house} chosen={chosen} nameOf={nameOf} onPress={press} />
            <Legend />
          </>
        )}
      </section>
      <Summary
        section={section}
        chosen={chosen}
        notice={lost.length > 0 ? saidLost(lost, chosen) : notice}
        onGiveUp={(seat) => {
          setNotice('');
          choose(chosen.filter((each) => each !== seat));
        }}
        onBook={() => go(address(chosen, 'book'))}
      />
    </div>
  );
};
