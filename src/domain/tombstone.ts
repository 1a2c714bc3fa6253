import { createHash } from 'node:crypto';
import type { InstallationRef } from './contract.ts';

/** Hex SHA-256 by which a purged installation is recognised, and which names nobody. */
export const digestInstallation = ({ workspaceId, addonId }: InstallationRef): string =>
  createHash('sha256').update(`${workspaceId}:${addonId}`).digest('hex');
