import { type Column, Empty, Table } from '@ensemble/ui';
import { useEffect, useRef } from 'react';
import type { DeadLetterView } from '../../views.ts';
import { LogRecord } from '../record.tsx';

type Difference = DeadLetterView['differences'][number];

const columns: readonly Column<Difference>[] = [
  { title: 'Where', cell: ({ at }) => <code>{at === '' ? 'the whole' : at}</code>, isHead: true },
  {
    title: 'Expected',
    cell: ({ expected }) => <ins className="expected">{expected}</ins>,
  },
  { title: 'Found', cell: ({ found }) => <del className="found">{found}</del> },
];

/** One letter: why it is dead, how it differs from what was expected, and all of it. */
export const Letter = ({ letter, onClose }: { letter: DeadLetterView; onClose: () => void }) => {
  const { id, type, service, reason, origin, differences, record } = letter;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section className="panel" aria-labelledby="letter">
      <div className="row apart">
        <h2 id="letter" ref={heading} tabIndex={-1}>
          {type ?? 'Unreadable'} <span className="soft small">{id}</span>
        </h2>
        <button type="button" onClick={onClose}>
          Close
        </button>
      </div>
      <p>
        {service} gave up on the record at <code>{origin}</code>: {reason}
      </p>
      <h3>Against the contract</h3>
      {differences.length === 0 ? (
        <Empty>The record is as the contract says: what failed was the decision.</Empty>
      ) : (
        <Table
          caption="How it differs from the contract"
          columns={columns}
          rows={differences}
          keyOf={({ at, expected }) => `${at} ${expected}`}
        />
      )}
      <h3>The record</h3>
      <LogRecord record={record} />
    </section>
  );
};
