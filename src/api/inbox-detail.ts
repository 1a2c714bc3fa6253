import type { StoredLine } from '../db/inbox-detail.ts';
import { buildMailboxWorkflowId } from '../domain/contract.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { formatJson } from '../domain/format-json.ts';
import type { InboxDetail } from '../domain/inbox.ts';
import { presentLine } from './inbox-list.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A delivery with all that was kept of it, for the admins of its workspace. */
export function presentDetail(ref: InstallationRef, stored: StoredLine): InboxDetail {
  const { raw, isJson, headers, requestId, entityType, entityId, entityVersion, isDeleted } = stored;
  const text = decode(raw);
  return {
    ...presentLine(stored),
    bytes: raw.length,
    text,
    base64: text === null ? raw.toString('base64') : null,
    formatted: text === null || !isJson ? null : formatJson(text),
    headers,
    requestId,
    workflowId: buildMailboxWorkflowId(ref),
    entity:
      entityType === null || entityId === null
        ? null
        : { type: entityType, id: entityId, version: entityVersion, isDeleted },
  };
}

function decode(raw: Uint8Array): string | null {
  try {
    return utf8.decode(raw);
  } catch {
    return null;
  }
}
