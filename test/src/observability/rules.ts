import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../deploy/reading.ts';

/** A rule of Prometheus. */
export interface Rule {
  readonly kind: 'alert' | 'record';
  readonly name: string;
  readonly expr: string;
  readonly runbook: string | undefined;
}

export const alertsFile = join(root, 'deploy/observability/alerts.yaml');

/** The rules, read as they are written there; that they are Prometheus's, promtool says. */
export const readRules = (): readonly Rule[] =>
  readFileSync(alertsFile, 'utf8')
    .split(/^ {6}- (?=alert:|record:)/m)
    .slice(1)
    .map((text) => {
      const [, kind, name = ''] = /^(alert|record): (\S+)/.exec(text) ?? [];
      const [, line, block] = /^ {8}expr: (?:\|\n((?: {10}.*\n)+)|(.*)\n)/m.exec(text) ?? [];
      return {
        kind: kind === 'alert' ? kind : 'record',
        name,
        expr: (line ?? block ?? '').trim(),
        runbook: /^ {10}runbook_url: (\S+)$/m.exec(text)?.[1],
      };
    });

const words = new Set(['and', 'or', 'unless', 'offset', 'by', 'without', 'on', 'ignoring']);
const name = /(?<![\w.])[a-zA-Z_:][\w:]*(?!\w*\s*\()/g;

/** The metrics that an expression asks for. */
export const metricsIn = (expr: string): readonly string[] =>
  expr
    .replaceAll(/"[^"]*"|\{[^}]*\}|\[[^\]]*\]|\b(?:by|without)\s*\([^)]*\)/g, ' ')
    .match(name)
    ?.filter((each) => !words.has(each)) ?? [];

/** The labels by which an expression chooses and groups. */
export const labelsIn = (expr: string): readonly string[] => [
  ...[...expr.matchAll(/\{([^}]*)\}/g)].flatMap(([, chosen = '']) =>
    [...chosen.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label),
  ),
  ...[...expr.matchAll(/\b(?:by|without)\s*\(([^)]*)\)/g)].flatMap(([, grouped = '']) =>
    grouped.split(',').map((label) => label.trim()),
  ),
];
