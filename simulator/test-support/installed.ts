import type { InstallOptions, InstallResult } from '../platform/requests.ts';
import { createSimulator, type Simulator, type SimulatorOptions } from '../simulator.ts';
import { startReceivingAddon, type ReceivingAddon } from './receiving-addon.ts';

export const everyFeature = ['EXPENSES', 'INVOICING', 'SCHEDULING', 'TIME_OFF', 'APPROVAL', 'CUSTOM_FIELDS'];

/** A simulator with one add-on on one workspace, without limits unless a test sets them. */
export interface Installed {
  readonly simulator: Simulator;
  readonly addon: ReceivingAddon;
  readonly install: InstallResult;
  /** GET below the workspace on the api host with the installation token. */
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

export async function startInstalled(install: InstallOptions = {}, options: SimulatorOptions = {}): Promise<Installed> {
  const simulator = await createSimulator(options);
  const addon = await startReceivingAddon();
  const result = await simulator.install(addon.manifestUrl, { features: everyFeature, ...install });
  const { workspaceId } = result;
  simulator.setLimits(workspaceId, { perSecond: null, perHour: null });
  return {
    simulator,
    addon,
    install: result,
    get: (path, headers = { 'x-addon-token': result.installationToken }) =>
      fetch(`${simulator.url}/api/v1/workspaces/${workspaceId}${path}`, { headers }),
    async close() {
      await Promise.all([simulator.close(), addon.close()]);
    },
  };
}
