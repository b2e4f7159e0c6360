/** Writes Grafana's dashboard from its table: `npx node tools/dashboard.mjs`, after changing that. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { dashboard } from '../test/src/observability/dashboard.ts';

const file = join(import.meta.dirname, '../deploy/observability/grafana/ensemble.json');
writeFileSync(file, await format(JSON.stringify(dashboard()), { parser: 'json', printWidth: 100 }));
