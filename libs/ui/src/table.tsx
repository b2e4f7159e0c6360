import type { ReactNode } from 'react';

/** A column of a table of `Row`s. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** Numbers stand at the right, digit under digit. */
  readonly isNumber?: boolean;
  /** What names the row; one column of each table. */
  readonly isHead?: boolean;
}

/**
 * A table that can be read at any width: where there is no room for its columns, each row becomes a
 * list of what its cells are called and say.
 */
export const Table = <Row,>({
  caption,
  columns,
  rows,
  keyOf,
  isCaptionSeen = false,
}: {
  /** What it is a table of. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  isCaptionSeen?: boolean;
}) => (
  // The roles are said again since a table that is laid out otherwise loses them in some browsers.
  <table role="table">
    <caption className={isCaptionSeen ? undefined : 'unseen'}>{caption}</caption>
    <thead role="rowgroup">
      <tr role="row">
        {columns.map(({ title, isNumber }) => (
          <th
            key={title}
            scope="col"
            role="columnheader"
            className={isNumber ? 'number' : undefined}
          >
            {title}
          </th>
        ))}
      </tr>
    </thead>
    <tbody role="rowgroup">
      {rows.map((row) => (
        <tr key={keyOf(row)} role="row">
          {columns.map(({ title, cell, isNumber, isHead }) => {
            const Cell = isHead ? 'th' : 'td';
            return (
              <Cell
                key={title}
                data-title={title}
                scope={isHead ? 'row' : undefined}
                role={isHead ? 'rowheader' : 'cell'}
                className={isNumber ? 'number' : undefined}
              >
                {cell(row)}
              </Cell>
            );
          })}
        </tr>
      ))}
    </tbody>
  </table>
);
