import { flowTopic } from '@ensemble/choreography';

/** Topics of which the log drops what is outdated: offsets are missing there, and all is kept here. */
export const compactedTopics: readonly string[] = [flowTopic];
