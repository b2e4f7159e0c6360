import { go, useAddress, withQuery } from '@ensemble/ui';

/** The moment that is looked at, kept in the address as `at`; null for now. */
export const useAsOf = (): readonly [number | null, (at: number | null) => void] => {
  const { path, query } = useAddress();
  const asked = Date.parse(query.get('at') ?? '');
  const look = (at: number | null): void => {
    const others = Object.fromEntries([...query].filter(([name]) => name !== 'at'));
    const moment = at === null ? undefined : new Date(at).toISOString();
    go(withQuery(path, { ...others, at: moment }), { replace: true });
  };
  return [Number.isNaN(asked) ? null : asked, look];
};
