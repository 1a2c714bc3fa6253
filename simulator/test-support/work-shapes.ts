/** Clients and tags. */
export const own = { id: 'id', name: 'text', workspaceId: 'id', archived: 'flag' } as const;
export const rate = { amount: 'number' } as const;
const estimate = { estimate: 'duration', type: 'text' } as const;

export const task = {
  id: 'id',
  name: 'text',
  projectId: 'id',
  assigneeIds: ['id'],
  assigneeId: 'id?',
  userGroupIds: ['id'],
  estimate: 'duration',
  status: 'text',
  duration: 'duration',
} as const;
const ownTask = { ...task, workspaceId: 'id' } as const;

const projectInEntry = {
  id: 'id',
  name: 'text',
  clientId: 'id?',
  clientName: 'text',
  workspaceId: 'id',
  billable: 'flag',
  estimate,
  color: 'text',
  archived: 'flag',
  duration: 'duration',
  note: 'text',
  public: 'flag',
  template: 'flag',
} as const;

export const project = { ...projectInEntry, hourlyRate: rate, tasks: [ownTask], client: own } as const;

const fieldValue = { customFieldId: 'id', timeEntryId: 'id', value: 'any', name: 'text' } as const;

export const entry = {
  id: 'id',
  description: 'text',
  tagIds: ['id'],
  userId: 'id',
  billable: 'flag',
  taskId: 'id?',
  projectId: 'id?',
  timeInterval: { start: 'instant', end: 'instant', duration: 'duration' },
  workspaceId: 'id',
  isLocked: 'flag',
  hourlyRate: 'null',
  costRate: 'null',
  customFieldValues: [fieldValue],
  project: projectInEntry,
  task: ownTask,
  user: { name: 'text', id: 'id', status: 'text' },
  tags: [own],
} as const;

const { taskId: _taskId, tagIds: _tagIds, ...entryLeft } = entry;
export const deletedEntry = {
  ...entryLeft,
  timeInterval: {
    ...entry.timeInterval,
    timeZone: 'text',
    offsetStart: 'number',
    offsetEnd: 'number',
    zonedStart: 'local',
    zonedEnd: 'local',
  },
  type: 'text',
  kioskId: 'null',
  approvalStatus: 'null',
  detailedApprovalStatus: 'null',
  projectCurrency: 'null',
  currentlyRunning: 'flag',
  project: {
    ...projectInEntry,
    hourlyRate: rate,
    costRate: rate,
    memberships: [{ userId: 'id', hourlyRate: 'null', costRate: 'null' }],
    activeEstimate: 'text',
    timeEstimate: { includeNonBillable: 'flag', estimate: 'number', type: 'text', resetOption: 'null' },
    budgetEstimate: 'null',
    estimateReset: 'null',
    sourceType: 'null',
    auditMetadata: { updatedAt: 'number' },
    accessOnPaidPlan: 'null',
  },
  task: {
    ...ownTask,
    budgetEstimate: 'number',
    billable: 'flag',
    hourlyRate: 'null',
    costRate: 'null',
    sourceType: 'text',
  },
  user: { ...entry.user, hourlyRate: rate, costRate: rate },
} as const;
