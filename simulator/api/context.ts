import type { FaultBoard } from '../faults/fault-board.ts';
import type { Installation, Workspace } from '../platform/state.ts';
import type { Row } from '../world/types.ts';
import type { Operation } from './operations.ts';
import type { Reply } from './reply.ts';

/** Who calls: the add-on itself, it on behalf of a member, or a member with an API key of his own. */
export interface Caller {
  readonly kind: 'installation' | 'user' | 'personal';
  /** Null without an add-on. */
  readonly installation: Installation | null;
  readonly workspace: Workspace;
  /** All that the credential opens. */
  readonly workspaces: readonly Workspace[];
  readonly userId: string;
  readonly role: string;
}

/** All an answer may depend on. */
export interface Context {
  readonly operation: Operation;
  readonly caller: Caller;
  readonly workspace: Workspace;
  readonly world: Workspace['world'];
  readonly faults: FaultBoard;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Parsed JSON; null when none was sent. */
  readonly body: unknown;
  readonly mintUserToken: (userId: string) => string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** A list as the platform serves it; without `paging` every call returns everything. */
export interface ListAnswer {
  readonly kind: 'list';
  readonly rows: (context: Context) => readonly Row[];
  readonly paging?: PagingStyle;
  readonly lastPageHeader?: true;
  /** Body around the page; the bare array without it. */
  readonly wrap?: (items: readonly Row[], total: number, context: Context) => unknown;
  /** Sort columns offered, as dotted paths into the row. */
  readonly sort?: Readonly<Record<string, string>>;
  readonly sortParameter?: string;
  readonly defaultSort?: string;
  readonly filters?: Readonly<Record<string, Filter>>;
  /** Filter values the platform assumes when the caller sends none. */
  readonly assumed?: Readonly<Record<string, string>>;
  readonly present?: (row: Row, context: Context) => Row;
}

export type Filter = (row: Row, value: string, context: Context) => boolean;

export interface PagingStyle {
  readonly source: 'query' | 'body';
  readonly page: string;
  readonly size: string;
  readonly firstPage: 0 | 1;
  readonly defaultSize: number;
  readonly maxSize: number;
  readonly maxPage: number;
}

/** Anything that is not a list. */
interface OtherAnswer {
  readonly kind: 'other';
  readonly reply: (context: Context) => Reply;
}

export interface AnswerRules {
  /** Whether no add-on token opens it, whatever its scopes. */
  readonly isClosedToAddons?: (workspace: Workspace) => boolean;
  /** Workspace feature the operation needs. */
  readonly feature?: string;
  /** Members without an admin role may not call it, or only about themselves. */
  readonly members?: 'never' | 'self';
}

export type Answer = AnswerRules & (ListAnswer | OtherAnswer);

/** Answers by operationId. */
export type AnswerTable = Readonly<Record<string, Answer>>;
