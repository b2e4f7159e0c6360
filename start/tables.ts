import { type Service, topicsOf } from '@ensemble/choreography';
import { gateway } from '@ensemble/gateway';
import { type Config, pairsTopic } from '@ensemble/host';
import type { TopicDeclaration } from '@ensemble/log';
import { notification } from '@ensemble/notification';
import { payment } from '@ensemble/payment';
import { seat } from '@ensemble/seat';
import { ticket } from '@ensemble/ticket';

/** The tables of all services: what each hears, says and does. */
export const tables = ({ HOLD_SECONDS: holdSeconds }: Pick<Config, 'HOLD_SECONDS'>): Service[] => [
  gateway,
  seat({ holdSeconds }),
  payment,
  ticket,
  notification,
];

/** All topics that services write and hear, and others by name, each once. */
export const topicsFor = (
  services: readonly Service[],
  others: readonly string[] = [],
): TopicDeclaration[] => {
  const named = [pairsTopic, ...others].map((name) => ({ name }));
  const topics = [...named, ...services.flatMap(topicsOf)];
  return [...new Map(topics.map((topic) => [topic.name, topic])).values()];
};
