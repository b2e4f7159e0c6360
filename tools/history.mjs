/**
 * Writes the schema of every version of an event that is not in contracts/history yet, and leaves
 * alone what is: `npx node tools/history.mjs`, after adding an event or a version of one.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format } from 'prettier';
import { events } from '../contracts/src/events.ts';
import { jsonSchemaOf } from '../contracts/src/json-schema.ts';

const history = join(import.meta.dirname, '../contracts/history');

for (const event of Object.values(events)) {
  const file = join(history, event.type, `v${event.version}.json`);
  if (existsSync(file)) continue;
  mkdirSync(dirname(file), { recursive: true });
  const text = JSON.stringify(jsonSchemaOf(event), null, 2);
  writeFileSync(file, await format(text, { parser: 'json', printWidth: 100 }));
  console.log(`wrote ${file}`);
}
