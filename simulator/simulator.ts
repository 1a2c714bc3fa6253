import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdminHandler, isAdminPath } from './admin/handler.ts';
import { createApiHandler } from './api/handler.ts';
import { startChurn } from './faults/churn.ts';
import type { ArmedFault, Fault } from './faults/types.ts';
import { createLedger, type LedgerEntry } from './ledger/ledger.ts';
import { summariseLedger, type LedgerSummary } from './ledger/summary.ts';
import { createClockify, type Clockify } from './platform/clockify.ts';
import { getWorkspace } from './platform/open-workspace.ts';
import { mutateWorkspace, type Mutation, type MutationResult } from './platform/mutate.ts';
import type { LimitSettings } from './platform/rate-limits.ts';
import { loadState, restoreWorkspaces, saveState } from './platform/state-file.ts';
import { createTokenSigner } from './platform/tokens.ts';
import { dumpTruth, listRows, type TruthDump } from './platform/truth.ts';
import { createWebhookControl, type WebhookControl } from './webhooks/control.ts';
import type { EntityType, ProfileName, Row, World } from './world/types.ts';

export interface SimulatorOptions {
  /** 0 (the default) takes a free port. */
  readonly port?: number;
  /** 127.0.0.1 by default: whoever reaches the simulator is its administrator. */
  readonly host?: string;
  /** The origin that callers know; by default the one it listens on. */
  readonly origin?: string;
  /** Defaults of installs that name none: profile S, seed 1. */
  readonly profile?: ProfileName;
  readonly seed?: number;
  /** Added to every answer; 0 by default. */
  readonly latencyMs?: number;
  /** So many of the platform's seconds pass in a real one, in retries of webhooks and the lag of feeds; 1 by default. */
  readonly speed?: number;
  /** RSA-2048 signing key; generated when absent. */
  readonly privateKeyPem?: string;
  /** Keeps the key, the worlds and the installations between starts; absent: they go with the process. */
  readonly stateFile?: string;
  /** Epoch milliseconds; the machine's clock by default. */
  readonly now?: () => number;
  readonly onRequest?: (entry: LedgerEntry) => void;
}

/** A running Clockify of one's own. Every function throws an Error with a sentence when its argument names nothing. */
export interface Simulator extends Clockify, WebhookControl {
  /** Origin without a path, e.g. `http://127.0.0.1:4010`. */
  readonly url: string;
  readonly publicKeyPem: string;
  /** Arms a fault and answers its id. */
  addFault(workspaceId: string, fault: Fault): string;
  listFaults(workspaceId: string): readonly ArmedFault[];
  clearFaults(workspaceId: string, id?: string): number;
  setLimits(workspaceId: string, limits: Partial<LimitSettings>): LimitSettings;
  mutate(workspaceId: string, mutation: Mutation): MutationResult;
  world(workspaceId: string): World;
  truth(workspaceId: string): TruthDump;
  rows(workspaceId: string, entity: EntityType): readonly Row[];
  /** Sums up one workspace, or all requests. */
  ledger(workspaceId?: string): LedgerSummary;
  requests(workspaceId?: string): readonly LedgerEntry[];
  resetLedger(): void;
  close(): Promise<void>;
}

/** Starts a simulator and resolves once it listens. */
export async function createSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { stateFile } = options;
  const ledger = createLedger();
  const now = options.now ?? Date.now;
  const saved = stateFile === undefined ? undefined : loadState(stateFile);
  const signer = createTokenSigner(options.privateKeyPem ?? saved?.privateKeyPem);
  const keep = () => {
    if (stateFile !== undefined) saveState(stateFile, signer.privateKeyPem, workspaces);
  };
  const workspaceDeps = { now, speed: options.speed ?? 1, onChange: keep };
  const workspaces = restoreWorkspaces(saved, workspaceDeps);
  keep();
  // As long as a load balancer keeps them: Node's own 5 s end under callers on a busy machine.
  const server = createServer({ keepAliveTimeout: 75_000 });
  const origin = () => options.origin ?? `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const defaults = { profile: options.profile ?? 'S', seed: options.seed ?? 1 };
  const clockify = createClockify({ workspaces, signer, defaults, origin, ...workspaceDeps });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
  });

  const simulator: Simulator = {
    ...clockify,
    ...createWebhookControl(workspaces),
    url: origin(),
    publicKeyPem: signer.publicKeyPem,
    addFault(workspaceId, fault) {
      const workspace = getWorkspace(workspaces, workspaceId);
      const id = workspace.faults.add(fault);
      if (fault.kind === 'churn') startChurn(workspace, fault, now);
      return id;
    },
    listFaults: (workspaceId) => getWorkspace(workspaces, workspaceId).faults.list(),
    clearFaults: (workspaceId, id) => getWorkspace(workspaces, workspaceId).faults.clear(id),
    setLimits(workspaceId, limits) {
      const { limits: current } = getWorkspace(workspaces, workspaceId);
      current.settings = { ...current.settings, ...limits };
      return current.settings;
    },
    mutate: (workspaceId, mutation) => mutateWorkspace(getWorkspace(workspaces, workspaceId), mutation, now()),
    world: (workspaceId) => getWorkspace(workspaces, workspaceId).world,
    truth: (workspaceId) => dumpTruth(getWorkspace(workspaces, workspaceId).world),
    rows: (workspaceId, entity) => listRows(getWorkspace(workspaces, workspaceId).world, entity),
    ledger: (workspaceId) => summariseLedger(ledger, workspaceId),
    requests: (workspaceId) => ledger.requests(workspaceId),
    resetLedger: () => ledger.reset(),
    async close() {
      for (const { faults, webhooks } of workspaces.values()) {
        faults.clear();
        webhooks.close();
      }
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  const handleAdmin = createAdminHandler(simulator);
  const handleApi = createApiHandler({
    workspaces,
    signer,
    ledger,
    latencyMs: options.latencyMs ?? 0,
    now,
    onRequest: options.onRequest,
    mintUserToken: ({ workspace, installation }, userId) =>
      clockify.mintToken('user', workspace.world.workspaceId, {
        ...(installation !== null && { addonId: installation.addonId }),
        userId,
      }),
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const handle = isAdminPath(request.url) ? handleAdmin : handleApi;
    handle(request, response).catch(() => response.destroy());
  });
  return simulator;
}
