import { findJsonExcess } from './json-scan.ts';
import type { JsonExcess } from './json-scan.ts';
import { toStorableJson } from './storable-json.ts';

/** Why an authentic body is put aside. */
type BodyFault = JsonExcess | 'not_utf8' | 'not_json' | 'not_an_object' | 'character_not_storable';

export interface WebhookBody {
  /** Undefined: there is nothing to object to. */
  readonly fault: BodyFault | undefined;
  /** JSON text that can be stored; null when the bytes are none. */
  readonly json: string | null;
  /** What the body says about whose it is; undefined when it says nothing. */
  readonly workspaceId: unknown;
}

/** Reads the bytes of a delivery. Nothing they hold makes it throw. */
export function readWebhookBody(bytes: Uint8Array): WebhookBody {
  const excess = findJsonExcess(bytes);
  if (excess !== undefined) return unreadable(excess);
  const text = decodeUtf8(bytes);
  if (text === undefined) return unreadable('not_utf8');
  const value = parseJson(text);
  if (value === undefined) return unreadable('not_json');
  const workspaceId = findWorkspaceId(value);
  if (typeof value !== 'object' || value === null)
    return { fault: 'not_an_object', json: toStorableJson(value), workspaceId };
  if (!text.includes('\\u')) return { fault: undefined, json: text, workspaceId };
  const json = toStorableJson(value);
  // A character that was replaced is the only difference there can be.
  const fault = json === JSON.stringify(value) ? undefined : 'character_not_storable';
  return { fault, json: fault === undefined ? text : json, workspaceId };
}

const unreadable = (fault: BodyFault): WebhookBody => ({ fault, json: null, workspaceId: undefined });

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Some payloads name no workspace; a null names none either. */
function findWorkspaceId(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'workspaceId')) return undefined;
  return (value as { workspaceId: unknown }).workspaceId ?? undefined;
}
