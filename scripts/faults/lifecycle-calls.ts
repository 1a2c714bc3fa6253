import type { InstallOptions, InstallResult, UninstallOptions } from '../../simulator/platform/requests.ts';
import type { Stack } from './stack.ts';

export interface LifecycleRecord {
  readonly event: 'INSTALLED' | 'STATUS_CHANGED' | 'DELETED';
  readonly addonId: string;
  /** The add-on's HTTP status; null when no answer came. */
  readonly status: number | null;
  /** Of the installation that an answered call leaves behind. */
  readonly leaves: 'active' | 'inactive' | 'deleted';
  /** The installation token that INSTALLED brought. */
  readonly token?: string;
  /** Epoch milliseconds of the answer. */
  readonly at: number;
}

/** What Clockify tells the add-on about one workspace, with a record of the answers. */
export interface LifecycleCalls {
  readonly calls: readonly LifecycleRecord[];
  install(options?: InstallOptions): Promise<InstallResult>;
  setStatus(status: 'ACTIVE' | 'INACTIVE'): Promise<number | null>;
  uninstall(options?: UninstallOptions): Promise<number | null>;
}

export function createLifecycleCalls({ simulator, baseUrl }: Stack, workspaceId: string): LifecycleCalls {
  const calls: LifecycleRecord[] = [];
  const newestAddonId = (): string => calls.findLast(({ event }) => event === 'INSTALLED')?.addonId ?? '';

  function record(call: Omit<LifecycleRecord, 'at'>): number | null {
    calls.push({ ...call, at: Date.now() });
    return call.status;
  }

  return {
    calls,
    async install(options = {}) {
      const workspace = { profile: 'XS', plan: 'ENTERPRISE', ...options, workspaceId } as const;
      const installed = await simulator.install(`${baseUrl}/manifest`, workspace);
      const { status, addonId, installationToken: token } = installed;
      record({ event: 'INSTALLED', addonId, status, leaves: 'active', token });
      return installed;
    },
    async setStatus(wanted) {
      const addonId = newestAddonId();
      const { status } = await simulator.setStatus(workspaceId, wanted);
      return record({ event: 'STATUS_CHANGED', addonId, status, leaves: wanted === 'ACTIVE' ? 'active' : 'inactive' });
    },
    async uninstall(options = {}) {
      const { addonId = newestAddonId(), forged = false } = options;
      const { status } = await simulator.uninstall(workspaceId, options);
      return record({ event: 'DELETED', addonId, status, leaves: forged ? 'active' : 'deleted' });
    },
  };
}
