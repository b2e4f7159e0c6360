import type { ShowView } from '../../schemas.ts';

/** What is to be booked, and who is told of it. */
export interface BookingFormProps {
  readonly show: Pick<ShowView, 'showId' | 'title' | 'venue' | 'startsAt'>;
  readonly section: string;
  /** Names such as `C-12`, of this section. */
  readonly seats: readonly string[];
  readonly total: ShowView['sections'][number]['price'];
  /** These seats of them cannot be had: the choice should do without them. */
  readonly onTaken: (seats: readonly string[]) => void;
  /** The booking has come to where the choice is of no more use. */
  readonly onDone: () => void;
}

/** Asks for who books and with which card. */
export const BookingForm = ({ seats }: BookingFormProps) => <p>{seats.join(', ')}</p>;
