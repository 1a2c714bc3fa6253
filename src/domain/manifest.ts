import { z } from 'zod';
import { manifestSchema } from './manifest-schema.ts';
import type { Manifest } from './manifest-schema.ts';
import { webhookEvents } from './webhook-events.ts';

export type { Manifest } from './manifest-schema.ts';

export interface ManifestOptions {
  readonly baseUrl: string;
  readonly key: string;
  /** How many webhooks to declare: Clockify refuses a manifest above its own limit, which has changed over time. */
  readonly webhookLimit: number;
  /** Asks for no permission to write. */
  readonly readOnly: boolean;
}

/** A manifest by the rules of the schema version it declares. Throws an error that names every fault. */
export function parseManifest(json: unknown): Manifest {
  const result = manifestSchema.safeParse(json);
  if (result.success) return result.data;
  throw new Error(`The manifest is invalid:\n${z.prettifyError(result.error)}`);
}

/** The manifest to serve: this deployment's address, key and permissions, and the most valuable webhooks up to the limit. */
export function buildManifest(template: Manifest, { baseUrl, key, webhookLimit, readOnly }: ManifestOptions): Manifest {
  const webhooks = template.webhooks
    .toSorted((a, b) => webhookEvents.indexOf(a.event) - webhookEvents.indexOf(b.event))
    .slice(0, webhookLimit);
  const scopes = readOnly ? template.scopes?.filter((scope) => !scope.endsWith('_WRITE')) : template.scopes;
  return parseManifest({ ...template, baseUrl, key, scopes, webhooks });
}

/** Whether the manifest asks for the permission that making a webhook takes. */
export const mayRegisterWebhooks = ({ scopes }: Manifest): boolean => scopes?.includes('WORKSPACE_WRITE') === true;
