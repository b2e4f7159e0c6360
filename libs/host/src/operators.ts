import { createHash, timingSafeEqual } from 'node:crypto';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * The one of these tokens that a request shows as `Authorization: Bearer …`, if it does; comparing
 * takes the same time for all.
 */
export const tokenShown = (
  authorization: string | undefined,
  tokens: Iterable<string>,
): string | undefined => {
  const [, shown = ''] = /^Bearer +(.+)$/i.exec(authorization ?? '') ?? [];
  const found = digest(shown);
  const [match] = [...tokens].filter((each) => timingSafeEqual(digest(each), found));
  return match;
};
