import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { createMetrics } from '../platform/metrics.ts';
import { serveMetrics } from './metrics-server.ts';

test('the metrics are served at the address given, and nothing else is', async () => {
  const metrics = createMetrics();
  metrics.bootstrapJobs.inc();
  const server = await serveMetrics(metrics, { host: '127.0.0.1', port: 0 });
  try {
    const { address, port } = server.address() as AddressInfo;
    expect(address).toBe('127.0.0.1');
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(await answer.text()).toContain('clockify_bootstrap_jobs_total 1');
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${port}/metrics`, { method: 'POST' })).status).toBe(404);
  } finally {
    server.close();
  }
});
