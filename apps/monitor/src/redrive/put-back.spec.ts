import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { deadLetterHeaders as marks } from '@ensemble/choreography';
import type { NewRecord } from '@ensemble/log';
import { NotOurs, putBackOn } from './put-back.ts';

const headers = {
  [marks.redriveOf]: 'seat.dead/0/1',
  [marks.redriveBy]: 'ada',
  [marks.redriveWhy]: 'it was mended',
};
const record: NewRecord = { topic: 'seat.redrive', key: 'k', value: null, headers };

describe('putting back', () => {
  const appended: NewRecord[] = [];
  const putBack = putBackOn({ append: async (records) => void appended.push(...records) });

  it('puts back what is marked', async () => {
    await putBack([record]);
    expect(appended).toEqual([record]);
  });

  it.each([
    'seat',
    'seat.dead',
    'flow',
    'pairs',
    'redrive',
    '.redrive',
    'seat.redrive.x',
    'a/b.redrive',
  ])('refuses the topic %s, and all that came with it', async (topic) => {
    appended.length = 0;
    await expect(putBack([record, { ...record, topic }])).rejects.toThrow(NotOurs);
    expect(appended).toEqual([]);
  });

  it.each(Object.keys(headers))('refuses what does not say %s', async (name) => {
    const { [name as keyof typeof headers]: _, ...others } = headers;
    await expect(putBack([{ ...record, headers: others }])).rejects.toThrow(NotOurs);
  });
});

describe('the monitor', () => {
  const root = join(import.meta.dirname, '..');
  const sources = globSync('**/*.{ts,tsx}', { cwd: root }).filter(
    (file) => !/(?:\.spec|spec-kit)\.tsx?$/.test(file),
  );
  const code = (file: string): string =>
    readFileSync(join(root, file), 'utf8').replaceAll(/\/\*[^]*?\*\/|\/\/.*$/gm, '');
  const saying = (word: RegExp): string[] =>
    sources.filter((file) => word.test(code(file))).toSorted();

  it('appends to the log in one place', () => {
    expect(saying(/\bappend\b/)).toEqual(['redrive/put-back.ts']);
  });

  it('joins no group, makes no topic, and is no service', () => {
    expect(
      saying(/\b(?:log\.consume|log\.declare|writeEvent|memoryLog|sqliteLog|kafkaLog)\b/),
    ).toEqual([]);
    const starts = /import \{[^}]*\b(?:start|project)\b[^}]*\} from '@ensemble\/choreography'/;
    expect(saying(starts)).toEqual([]);
  });

  it('has the log but to read', () => {
    const whole = /(?<!Pick<)\bLog\b(?!,| \}|<)/;
    const used = (file: string): string => code(file).replaceAll(/^import[^]*?;$/gm, '');
    const having = sources.filter((file) => file.endsWith('.ts') && whole.test(used(file)));
    expect(having).toEqual([]);
  });
});
