import { z } from 'zod';

/** Names of plans and features are open lists: unknown ones pass, nonsense is dropped. */
const nameSchema = z.string().regex(/^\w{1,64}$/);
const workspaceSchema = z.object({
  featureSubscriptionType: nameSchema.nullable().catch(null),
  features: z.array(z.unknown()).nullable().catch(null),
});

/** Plan and features in the answer to reading the workspace; null where it does not tell them. */
export function readWorkspaceFacts(body: unknown): { plan: string | null; features: string[] | null } {
  const { data } = workspaceSchema.safeParse(body);
  const features = data?.features?.flatMap((feature) => nameSchema.safeParse(feature).data ?? []) ?? null;
  return { plan: data?.featureSubscriptionType ?? null, features };
}

/** The id of the first row of a plain list. */
export function readId(body: unknown): string | null {
  const { data } = z.array(z.object({ id: z.string() })).safeParse(body);
  return data?.[0]?.id ?? null;
}
