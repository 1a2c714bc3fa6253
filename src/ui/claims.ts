/** What the page reads from the viewer's token. Nothing here is proven: the server verifies every request. */
export interface Claims {
  readonly workspaceId: string;
  readonly user: string | null;
  readonly theme: string | null;
  readonly language: string | null;
  readonly workspaceRole: string | null;
}

/** Decodes a token without verifying it; null when it is no JWT or names no workspace. */
export function decodeClaims(token: string): Claims | null {
  const claims = decodePayload(token);
  const workspaceId = stringOrNull(claims?.['workspaceId']);
  if (claims === null || !workspaceId) return null;

  return {
    workspaceId,
    user: stringOrNull(claims['user']),
    theme: stringOrNull(claims['theme']),
    language: stringOrNull(claims['language']),
    workspaceRole: stringOrNull(claims['workspaceRole']),
  };
}

/** The theme a claim asks for; null leaves it to the browser's preference. Clockify calls its light theme DEFAULT. */
export function themeOf(claim: string | null): 'light' | 'dark' | null {
  const name = claim?.toLowerCase() ?? '';
  if (name.includes('dark')) return 'dark';
  return name === 'default' || name === 'light' ? 'light' : null;
}

function decodePayload(token: string): Record<string, unknown> | null {
  const payload = token.split('.')[1] ?? '';
  try {
    const binary = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isRecord(claims) ? claims : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function stringOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
