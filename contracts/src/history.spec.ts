import { deepStrictEqual } from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { EventDefinition } from './define.ts';
import { events } from './events.ts';
import { jsonSchemaOf } from './json-schema.ts';

const history = join(import.meta.dirname, '../history');
const definitions: EventDefinition[] = Object.values(events);

describe('the history of schemas', () => {
  it('holds every version of every event, and nothing else', () => {
    const files = definitions.flatMap(({ type, version }) =>
      Array.from({ length: version }, (_, index) => join(type, `v${index + 1}.json`)),
    );
    // If one is missing: `npx node tools/history.mjs`, and commit what it wrote.
    expect(globSync('*/*', { cwd: history }).toSorted()).toEqual(files.toSorted());
  });

  it.each(definitions)('holds $type as it is', (definition) => {
    const { type, version } = definition;
    const file = join(history, type, `v${version}.json`);
    const published: unknown = JSON.parse(readFileSync(file, 'utf8'));
    try {
      deepStrictEqual(JSON.parse(JSON.stringify(jsonSchemaOf(definition))), published);
    } catch (cause) {
      throw new Error(
        `${type} is no longer what version ${version} was published as. Events of that version ` +
          `are in the log: take the change back, or define the event with version: ` +
          `${version + 1}, run \`npx node tools/history.mjs\` and commit what it wrote.\n` +
          (cause as Error).message,
        { cause },
      );
    }
  });
});
