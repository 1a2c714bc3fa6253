import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';
import { expect, test } from '@jest/globals';
import { metricNames } from '../../src/platform/metrics.ts';
import { loadCompose, root } from './compose-file.ts';

/** What Temporal's server (service metrics of 1.31) and Prometheus itself call things. */
const namesOfOthers = [
  'up',
  'approximate_backlog_age_seconds',
  'failed_workflow_tasks',
  'service_latency',
  'persistence_latency',
];

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly datasource: { readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number };
  readonly targets: readonly { readonly expr: string }[];
}

const read = (path: string): string => readFileSync(join(root, 'deploy', path), 'utf8');
const dashboards = readdirSync(join(root, 'deploy/grafana/dashboards'));
const { groups } = parse(read('prometheus/alerts.yml')) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const panels = dashboards.flatMap(
  (file) => (JSON.parse(read(`grafana/dashboards/${file}`)) as { panels: Panel[] }).panels,
);
const queries = [
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
  ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
];

/** The metrics a query asks for, by Prometheus' own grammar. Throws where the query is none. */
function metricsOf(query: string): string[] {
  const found: string[] = [];
  parser.parse(query).iterate({
    enter(node) {
      if (node.type.isError) throw new Error(`not a query at ${node.from}: ${query}`);
      if (node.name === 'VectorSelector') found.push(/^[\w:]+/.exec(query.slice(node.from, node.to))?.[0] ?? '');
    },
  });
  return found;
}

test('the reader of queries finds every metric, and refuses what is no query', () => {
  expect(metricsOf('sum by (a) (rate(x_total{b="c"}[5m])) / y > 0 or absent(z)')).toEqual(['x_total', 'y', 'z']);
  expect(() => metricsOf('sum(rate(x_total[5m])')).toThrow('not a query');
});

test.each(queries)('%s asks for metrics that exist: %s', (_, query) => {
  const known = [...metricNames, ...namesOfOthers].flatMap((name) => [name, `${name}_bucket`]);
  for (const name of metricsOf(query)) expect(known).toContain(name);
});

test('nothing in the list of foreign names is unused', () => {
  const used = queries.flatMap(([, query]) => metricsOf(query)).map((name) => name.replace(/_bucket$/, ''));
  expect(used).toEqual(expect.arrayContaining(namesOfOthers));
});

test('each of our metrics is on the dashboard, but for those that only a search for a cause needs', () => {
  const shown = new Set(panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => metricsOf(expr))));
  const hidden = metricNames.filter((name) => !shown.has(name) && !shown.has(`${name}_bucket`));
  expect(hidden).toEqual([
    'clockify_webhook_events_total',
    'clockify_webhook_deliveries_purged_total',
    'clockify_uninstall_false_alarms_total',
    'clockify_log_lines_dropped_total',
    'clockify_stale_attempts_total',
  ]);
});

test('every alert has a name of its own, a severity, and says what it means', () => {
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  for (const { labels, annotations } of rules) {
    expect(['warning', 'critical']).toContain(labels.severity);
    expect(annotations.summary.length).toBeGreaterThan(10);
    expect(annotations.description.length).toBeGreaterThan(10);
  }
});

test('more than five refused tokens of a kind in five minutes raise an alert', () => {
  const expr = rules.find(({ alert }) => alert === 'TokensRefused')?.expr;
  expect(expr).toBe('sum by (scope) (increase(clockify_signature_verification_failures_total[5m])) > 5');
});

test('panels have ids and places of their own, and ask the source that is provisioned', () => {
  const { datasources } = parse(read('grafana/provisioning/datasources/prometheus.yml')) as {
    datasources: { uid: string; url: string }[];
  };
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  expect(new Set(panels.map(({ gridPos }) => `${gridPos.x} ${gridPos.y}`)).size).toBe(panels.length);
  expect([...new Set(panels.map(({ datasource }) => datasource.uid))]).toEqual(datasources.map(({ uid }) => uid));
});

test('what is scraped and asked are services of the compose file, at the ports they listen on', () => {
  const { services } = loadCompose();
  const scrapes = parse(read('prometheus/prometheus.yml')) as {
    rule_files: string[];
    scrape_configs: {
      job_name: string;
      static_configs?: { targets: string[] }[];
      dns_sd_configs?: { names: string[]; port: number }[];
    }[];
  };
  const targets = scrapes.scrape_configs.flatMap(({ static_configs = [], dns_sd_configs = [] }) => [
    ...static_configs.flatMap((config) => config.targets),
    ...dns_sd_configs.map(({ names, port }) => `${names[0]}:${port}`),
  ]);
  expect(targets).toEqual([
    'api:8000',
    `worker:${services['worker']?.environment?.['WORKER_METRICS_PORT']}`,
    `temporal:${services['temporal']?.environment?.['PROMETHEUS_ENDPOINT']?.split(':')[1]}`,
  ]);
  for (const target of targets) expect(services).toHaveProperty(target.split(':')[0] as string);
  expect(scrapes.rule_files).toEqual(['alerts.yml']);
});
