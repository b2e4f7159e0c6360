import { useAnswer } from '@ensemble/ui';
import type { ShowsView } from '../../schemas.ts';

/** A show, as it is listed. */
export type ListedShow = ShowsView['shows'][number];

/** What is known of a show; undefined while it is asked for. */
export const useShow = (showId: string): ListedShow | undefined => {
  const { answer } = useAnswer<ShowsView>('/api/shows');
  return answer?.shows.find((each) => each.showId === showId);
};
