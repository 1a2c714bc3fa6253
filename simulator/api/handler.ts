import type { IncomingMessage, ServerResponse } from 'node:http';
import { applyEarlyFaults } from '../faults/early-faults.ts';
import type { FaultBoard } from '../faults/fault-board.ts';
import { send } from '../faults/send.ts';
import { tokenDigest, type Ledger, type LedgerEntry } from '../ledger/ledger.ts';
import type { Workspaces } from '../platform/state.ts';
import type { TokenSigner } from '../platform/tokens.ts';
import { answers } from './answers.ts';
import { authenticate, readCredentials } from './authenticate.ts';
import { checkAddon, checkQuery, checkRights, checkWorkspace } from './check-request.ts';
import type { Answer, Caller, Context } from './context.ts';
import { answerList } from './list.ts';
import type { Operation } from './operations.ts';
import { parseJson, readBody } from './read-body.ts';
import { json, Refusal, refuse, type Reply } from './reply.ts';
import { matchOperation, type Match } from './router.ts';
import { bodyField } from './rows.ts';

export interface ApiDeps {
  readonly workspaces: Workspaces;
  readonly signer: TokenSigner;
  readonly ledger: Ledger;
  readonly latencyMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Told about each request once its answer is known or the connection is gone. */
  readonly onRequest?: ((entry: LedgerEntry) => void) | undefined;
  readonly mintUserToken: (caller: Caller, userId: string) => string;
}

interface Arrival {
  readonly match: Match;
  readonly entry: LedgerEntry;
  readonly query: URLSearchParams;
  readonly body: Buffer;
  readonly caller: Caller;
}

/** Answers everything but the admin API, the way the platform does, and writes each request into the ledger. */
export function createApiHandler(deps: ApiDeps) {
  return async function handleApi(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(`http://simulator${request.url ?? '/'}`);
    const match = matchOperation(request.method ?? 'GET', url.pathname);
    const open = deps.ledger.open(request.method ?? 'GET', url.pathname, url.search);
    const { entry } = open;
    // Answered is when the last byte has left; the connection's own end may be noticed after the caller's next request.
    response.once('finish', () => open.close());
    response.once('close', () => {
      open.close();
      deps.onRequest?.(entry);
    });
    recordMatch(entry, match, url);

    let faults: FaultBoard | null = null;
    let reply: Reply;
    try {
      const body = await readBody(request);
      const caller = admitCaller(request, match, entry, deps);
      open.enter(caller.workspace.world.workspaceId);
      faults = caller.workspace.faults;
      checkRate(caller, deps.now());
      if (await applyEarlyFaults(faults, entry.operationId, deps.latencyMs, response)) return;
      reply = answer({ match, entry, query: url.searchParams, body, caller }, deps);
    } catch (error) {
      reply = replyTo(error);
    }
    entry.status = reply.status;
    send(response, reply, faults, entry.operationId);
  };
}

/** A defect of the simulator must not look like a fault of the platform. */
function replyTo(error: unknown): Reply {
  if (error instanceof Refusal) return error.reply;
  return json({ message: `Defect in the simulator: ${error instanceof Error ? error.message : String(error)}` }, 500);
}

function recordMatch(entry: LedgerEntry, match: Match, url: URL): void {
  if (match.kind === 'unknown') entry.flag = 'undeclared';
  entry.page = url.searchParams.get('page');
  if (match.kind !== 'operation') return;
  entry.operationId = match.operation.operationId;
  const ids = Object.entries(match.params).filter(([name]) => name !== 'workspaceId');
  entry.parentId = ids.at(-1)?.[1] ?? null;
}

function admitCaller(request: IncomingMessage, match: Match, entry: LedgerEntry, deps: ApiDeps): Caller {
  const credentials = readCredentials(request.headersDistinct);
  entry.tokenDigest = credentials[0] === undefined ? null : tokenDigest(credentials[0].value);
  const workspaceId = match.kind === 'operation' ? match.params['workspaceId'] : undefined;
  const caller = authenticate(credentials, { ...deps, workspaceId, nowMs: deps.now() });
  entry.tokenKind = caller.kind;
  return caller;
}

function checkRate({ workspace, installation, userId }: Caller, nowMs: number): void {
  const waitMs = workspace.limits.admit(installation?.manifest.key ?? userId, nowMs);
  if (waitMs === null) return;
  const retryAfter = { 'retry-after': String(Math.ceil(waitMs / 1000)) };
  throw refuse(429, null, 'Too many requests', workspace.limits.settings.retryAfter ? retryAfter : {});
}

function answer({ match, entry, query, body, caller }: Arrival, deps: ApiDeps): Reply {
  if (match.kind === 'unknown') throw refuse(404, 3000, `No static resource ${entry.path.slice(1)}`);
  if (match.kind === 'wrong-verb') {
    throw refuse(405, 3000, `Method ${entry.method} is not supported`, { allow: match.allow });
  }
  const { operation, params } = match;
  const { workspace } = caller;
  checkWorkspace(params['workspaceId'], caller, deps.workspaces);
  const found = findAnswer(operation, entry);
  const context: Context = {
    operation,
    caller,
    workspace,
    world: workspace.world,
    faults: workspace.faults,
    params,
    query,
    body: parseJson(body),
    nowMs: deps.now(),
    mintUserToken: (userId) => deps.mintUserToken(caller, userId),
  };
  const bodyPage = bodyField(context, 'page');
  if (bodyPage !== undefined) entry.page = JSON.stringify(bodyPage);
  return checkAndAnswer(found, context);
}

/** A retired host says what an unknown path says; a documented operation nobody simulates says so, loudly. */
function findAnswer(operation: Operation, entry: LedgerEntry): Answer {
  if (operation.base === 'pto') throw refuse(404, 3000, `No static resource ${entry.path.slice(1)}`);
  const found = answers[operation.operationId];
  if (found !== undefined) return found;
  entry.flag = 'unserved';
  throw refuse(501, null, `The simulator does not serve ${operation.operationId}`);
}

function checkAndAnswer(found: Answer, context: Context): Reply {
  checkAddon(found, context.operation, context.caller);
  checkRights(found, context);
  checkQuery(context.operation, context.query);
  return found.kind === 'list' ? answerList(found, context) : found.reply(context);
}
