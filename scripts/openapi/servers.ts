/** The default hosts. An installation's own hosts come from its token and may be regional. */
export const servers = {
  api: { url: 'https://api.clockify.me/api', description: 'Main API' },
  reports: { url: 'https://reports.api.clockify.me', description: 'Reports' },
  pto: { url: 'https://pto.api.clockify.me', description: 'Time off, retired on 2025-07-01' },
} as const;
