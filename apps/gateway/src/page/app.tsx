import { Empty, LanguageSwitch, Shell, Title, useAddress } from '@ensemble/ui';
import type { ReactNode } from 'react';
import { addresses } from './addresses.ts';
import { BookingPage } from './booking/booking-page.tsx';
import { Underway } from './booking/underway.tsx';
import { Operator } from './operator/operator.tsx';
import { Show } from './show/show.tsx';
import { Shows } from './shows.tsx';
import { useTexts } from './texts.ts';

const Nothing = () => {
  const texts = useTexts();
  return (
    <>
      <Title window={texts.window(texts.nothing.title)}>{texts.nothing.title}</Title>
      <Empty>{texts.nothing.says}</Empty>
    </>
  );
};

const viewOf = (path: string): ReactNode => {
  const show = addresses.show.match(path);
  if (show) return <Show key={show.id} id={show.id} />;
  const booking = addresses.booking.match(path);
  if (booking) return <BookingPage key={booking.id} id={booking.id} />;
  if (addresses.shows.match(path)) return <Shows />;
  if (addresses.operator.match(path)) return <Operator />;
  return <Nothing />;
};

/** The page: its frame, and the view that the address names. */
export const App = () => {
  const texts = useTexts();
  const { path } = useAddress();
  const places = [{ to: addresses.shows.to({}), name: texts.places.shows }];
  return (
    <Shell name={texts.name} places={places} aside={<LanguageSwitch />}>
      {viewOf(path)}
      <Underway />
    </Shell>
  );
};
