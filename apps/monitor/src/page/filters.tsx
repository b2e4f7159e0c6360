import { Field, go, useAddress, withQuery } from '@ensemble/ui';
import { useRef } from 'react';

/** Something that a list may be narrowed by, as the address and the API call it. */
export interface Filter {
  readonly name: string;
  readonly label: string;
  /** Words that are known to be there. */
  readonly known?: readonly string[] | undefined;
}

/** What the address narrows a list by; undefined where it says nothing. */
export const useFilters = (
  ...names: readonly string[]
): Readonly<Record<string, string | undefined>> => {
  const { query } = useAddress();
  return Object.fromEntries(names.map((name) => [name, query.get(name) ?? undefined]));
};

/** A form that narrows a list: what is typed goes into the address, which says what is shown. */
export const Filters = ({
  path,
  filters,
  all,
}: {
  path: string;
  filters: readonly Filter[];
  /** What the way back to the whole list is called. */
  all: string;
}) => {
  const { query } = useAddress();
  const form = useRef<HTMLFormElement>(null);
  const narrow = (): void => {
    if (form.current === null) return;
    const given = new FormData(form.current);
    const words = filters.map(({ name }) => {
      const word = given.get(name);
      return [name, typeof word === 'string' ? word.trim() : ''] as const;
    });
    go(withQuery(path, Object.fromEntries(words)));
  };
  return (
    <search>
      <form
        ref={form}
        className="panel filters"
        key={query.toString()}
        onSubmit={(event) => {
          event.preventDefault();
          narrow();
        }}
      >
        {filters.map(({ name, label, known }) => (
          <Field key={name} label={label}>
            {(ids) => (
              <>
                <input
                  {...ids}
                  name={name}
                  type="search"
                  defaultValue={query.get(name) ?? ''}
                  list={known ? `known-${name}` : undefined}
                  autoComplete="off"
                  spellCheck={false}
                />
                {known && (
                  <datalist id={`known-${name}`}>
                    {known.map((each) => (
                      <option key={each}>{each}</option>
                    ))}
                  </datalist>
                )}
              </>
            )}
          </Field>
        ))}
        <div className="row">
          <button type="submit" className="primary">
            Find
          </button>
          {query.size > 0 && (
            <button type="button" onClick={() => go(path)}>
              {all}
            </button>
          )}
        </div>
      </form>
    </search>
  );
};
