import { type ReactNode, useId } from 'react';

/** What makes an input the one that a label, a hint and a fault are about. */
export interface FieldIds {
  readonly id: string;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: true;
}

/** A labelled field; `children` makes the input with the ids that the label is for. */
export const Field = ({
  label,
  hint,
  fault,
  children,
}: {
  label: string;
  hint?: string;
  /** What is wrong with what was typed, if anything is. */
  fault?: string | undefined;
  children: (ids: FieldIds) => ReactNode;
}) => {
  const id = useId();
  const about = [
    ...(fault === undefined ? [] : [`${id}fault`]),
    ...(hint === undefined ? [] : [`${id}hint`]),
  ].join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        ...(about !== '' && { 'aria-describedby': about }),
        ...(fault !== undefined && { 'aria-invalid': true }),
      })}
      {fault !== undefined && (
        <p className="fault" id={`${id}fault`}>
          {fault}
        </p>
      )}
      {hint !== undefined && (
        <p className="hint" id={`${id}hint`}>
          {hint}
        </p>
      )}
    </div>
  );
};
