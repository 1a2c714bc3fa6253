import { parseFlags } from './flags.ts';
import { runFaults } from './run-faults.ts';

try {
  process.exitCode = (await runFaults(parseFlags(process.argv.slice(2)), (line) => console.log(line))) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  // What is open already would keep the rig alive.
  process.exit(2);
}
