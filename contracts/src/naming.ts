import { owners } from './define.ts';

const irregular =
  'bought drawn found given held kept lost made paid sent sold taken withdrawn'.split(' ');
const demands = 'required needed wanted expected awaited ordered'.split(' ');
const crud = 'created inserted updated changed modified saved upserted deleted removed'.split(' ');
const imperatives = 'needs must should shall please to be for'.split(' ');

/**
 * Why a type is no name for an event, or nothing. A name is `noun.participle`: a fact in the past
 * about a noun that has an owner. A demand on somebody else is a command in disguise; CRUD says
 * what happened to a record, not what happened.
 */
export const objectionTo = (type: string): string | undefined => {
  const [, noun = '', said = ''] = /^([a-z]+)\.([a-z]+(?:-[a-z]+)*)$/.exec(type) ?? [];
  const words = said.split('-');
  const last = words.at(-1) ?? '';
  const owner = new Map<string, string>(Object.entries(owners)).get(noun);
  if (noun === '') return `expected noun.participle in lower case, found ${type}`;
  if (owner === undefined) return `expected a noun with an owner, found ${noun}`;
  if (words.some((word) => imperatives.includes(word)) || demands.includes(last)) {
    return `expected a fact, found a command in disguise: ${said}`;
  }
  if (last === 'requested' && owner !== 'gateway') {
    return `expected a fact, found a command in disguise: only customers request`;
  }
  if (crud.includes(last))
    return `expected what happened, found what a record went through: ${last}`;
  return last.endsWith('ed') || irregular.includes(last)
    ? undefined
    : `expected a past participle, found ${last}`;
};
