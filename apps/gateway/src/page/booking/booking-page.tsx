import { Title } from '@ensemble/ui';
import { useTexts } from '../texts.ts';

/** A booking: what has happened, and what is awaited. */
export const BookingPage = ({ id }: { id: string }) => {
  const texts = useTexts();
  return (
    <>
      <Title window={texts.window(texts.booking.title)}>{texts.booking.title}</Title>
      <p>
        <code>{id}</code>
      </p>
    </>
  );
};
