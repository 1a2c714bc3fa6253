import { createSimulator } from './simulator.ts';
import type { ProfileName } from './world/types.ts';

const { env } = process;

function log(event: string, fields: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), event, ...fields })}\n`);
}

function readNumber(name: string, assumed: number, least = 0): number {
  const value = Number(env[name] ?? assumed);
  if (!Number.isInteger(value) || value < least) throw new Error(`${name} must be a whole number, ${least} or more.`);
  return value;
}

const profile = env['SIMULATOR_PROFILE'] ?? 'S';
if (!/^(XS|S|M|L|X)$/.test(profile)) throw new Error('SIMULATOR_PROFILE must be XS, S, M, L or X.');

const simulator = await createSimulator({
  port: readNumber('SIMULATOR_PORT', 4010),
  ...(env['SIMULATOR_HOST'] && { host: env['SIMULATOR_HOST'] }),
  ...(env['SIMULATOR_ORIGIN'] && { origin: env['SIMULATOR_ORIGIN'] }),
  profile: profile as ProfileName,
  seed: readNumber('SIMULATOR_SEED', 1),
  ...(env['SIMULATOR_STATE'] && { stateFile: env['SIMULATOR_STATE'] }),
  speed: readNumber('SIMULATOR_SPEED', 1, 1),
  latencyMs: readNumber('SIMULATOR_LATENCY_MS', 15),
  onRequest: ({ method, path, operationId, status, flag }) =>
    log('request', { method, path, operationId, status, flag }),
});
log('listening', { url: simulator.url, profile });

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void simulator.close().then(() => log('closed', { signal })));
}
