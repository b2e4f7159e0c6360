import { type Column, Link, Moment, Table, useNow, withQuery } from '@ensemble/ui';
import type { DeadLetterView } from '../../views.ts';
import { addresses } from '../addresses.ts';
import { useFilters } from '../filters.tsx';

/** The letters to choose from. */
export const Letters = ({
  letters,
  chosen,
  onChoose,
}: {
  letters: readonly DeadLetterView[];
  chosen: ReadonlySet<string>;
  onChoose: (chosen: ReadonlySet<string>) => void;
}) => {
  const now = useNow();
  const asked = useFilters('service', 'q', 'before');
  const areAll = letters.every(({ id }) => chosen.has(id));
  const choose = (id: string, isChosen: boolean): void => {
    const others = [...chosen].filter((each) => each !== id);
    onChoose(new Set(isChosen ? [...others, id] : others));
  };
  const columns: readonly Column<DeadLetterView>[] = [
    {
      title: 'Choose',
      cell: ({ id, type }) => (
        <input
          type="checkbox"
          aria-label={`Choose ${type ?? 'the letter'} at ${id}`}
          checked={chosen.has(id)}
          onChange={({ target }) => choose(id, target.checked)}
        />
      ),
    },
    {
      title: 'Letter',
      cell: ({ id, type, origin }) => (
        <>
          <Link to={withQuery('/dead', { ...asked, letter: id })}>{type ?? 'unreadable'}</Link>{' '}
          <span className="soft small">{`from ${origin}`}</span>
        </>
      ),
      isHead: true,
    },
    { title: 'Of', cell: (letter) => letter.service },
    { title: 'Reason', cell: ({ reason }) => reason },
    {
      title: 'Booking',
      cell: ({ bookingId }) =>
        bookingId === null ? (
          '–'
        ) : (
          <Link to={addresses.story.to({ id: bookingId })}>
            <code>{bookingId.slice(0, 12)}</code>
          </Link>
        ),
    },
    { title: 'Since', cell: ({ at }) => <Moment at={at} now={now} />, isNumber: true },
  ];
  return (
    <>
      <label className="row">
        <input
          type="checkbox"
          checked={areAll}
          onChange={() => onChoose(new Set(areAll ? [] : letters.map(({ id }) => id)))}
        />
        Choose all
      </label>
      <Table
        caption="Dead letters, newest first"
        columns={columns}
        rows={letters}
        keyOf={({ id }) => id}
      />
    </>
  );
};
