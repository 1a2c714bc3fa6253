import { probeSchedule } from '../domain/removal.ts';
import { runWorker } from './run-worker.ts';

await runWorker(process.env, probeSchedule);
