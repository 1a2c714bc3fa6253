/** What each operation does, in our own words: one line per operationId. */
export const summaries: Readonly<Record<string, string>> = {
  // Approval
  getApprovalRequests: 'List approval requests with the entries and expenses they hold',
  createApprrovalRequest: 'Submit your own period for approval',
  resubmitApprovalRequest: 'Submit the changed entries of your own rejected or withdrawn period again',
  createApprovalForOther: 'Submit a period for approval on behalf of a member',
  resubmitApprovalRequestForOther: 'Submit the changed entries of a member again',
  updateApprovalStatus: 'Approve, reject or withdraw an approval request',

  // Balance
  getBalancesForPolicy: 'List the time off balance of every member under one policy',
  updateBalance: 'Add to or take from the balances of members under one policy',
  getBalancesForUser: 'List the time off balances of one member',
  getPtoBalancesForPolicy: 'Retired: list the balances under one policy',
  updateBalancesForUsers: 'Retired: change the balances of members under one policy',
  getPtoBalancesForUser: 'Retired: list the balances of one member',

  // Client
  getClients: 'List clients, active and archived',
  createClient: 'Add a client',
  getClient: 'Read one client',
  updateClient: 'Replace a client: fields left out are lost',
  deleteClient: 'Delete an archived client',

  // Custom fields
  ofWorkspace: 'List every custom field of the workspace in one answer',
  create: 'Add a custom field to the workspace',
  editCustomField: 'Replace the definition of a custom field',
  delete: 'Delete a custom field',
  getCustomFieldsOfProject: 'List the custom fields that apply to one project',
  editProjectCustomFieldDefaultValue: 'Set the default value of a custom field on one project',
  removeDefaultValueOfProject: 'Remove a custom field from one project',

  // Entity changes
  getCreatedEntityInfo: 'List what was created in a window of time',
  getDeletedEntityInfo: 'List what was deleted in a window of time',
  getUpdatedEntityInfo: 'List what was changed in a window of time',

  // Expense
  getExpenses: 'List expenses with their daily and weekly totals',
  createExpense: 'Record an expense, with or without a receipt',
  getCategories: 'List expense categories, either the active or the archived ones',
  createExpenseCategory: 'Add an expense category',
  updateCategory: 'Replace an expense category',
  deleteCategory: 'Delete an archived expense category',
  updateExpenseCategoryStatus: 'Archive or restore an expense category',
  getExpense: 'Read one expense',
  updateExpense: 'Change an expense and its receipt',
  deleteExpense: 'Delete an expense',
  downloadFile: 'Download the receipt of an expense',

  // Expense report
  generateDetailedReportV1: 'Report expenses line by line for a range of dates',

  // Group
  getUserGroups: 'List the groups of members',
  createUserGroup: 'Add a group',
  updateUserGroup: 'Rename a group',
  deleteUserGroup: 'Delete a group',
  addUser: 'Put a member into a group',
  deleteUser: 'Take a member out of a group',

  // Holiday
  getHolidays: 'List every holiday of the workspace in one answer',
  createHoliday: 'Add a holiday for some or all members',
  getHolidaysInPeriod: 'List the holidays of one member between two dates',
  updateHoliday: 'Replace a holiday',
  deleteHoliday: 'Delete a holiday',

  // Invoice
  getInvoices: 'List invoices without their items',
  createInvoice: 'Open an invoice for a client',
  getInvoicesInfo: 'Search invoices by client, date, amount or status',
  getInvoiceSettings: 'Read the labels and defaults of new invoices',
  updateInvoiceSettings: 'Replace the labels and defaults of new invoices',
  getInvoice: 'Read one invoice with its items',
  updateInvoice: 'Replace an invoice: fields left out are lost',
  deleteInvoice: 'Delete an invoice',
  duplicateInvoice: 'Copy an invoice into a new one',
  exportInvoice: 'Download an invoice as PDF',
  addInvoiceItem: 'Add a line to an invoice',
  importTimeEntriesAndExpenses: 'Turn tracked time and expenses into lines of an invoice',
  removeInvoiceItem: 'Remove a line from an invoice',
  getPaymentsForInvoice: 'List the payments of one invoice',
  createInvoicePayment: 'Record a payment on an invoice',
  deletePaymentById: 'Delete a payment of an invoice',
  changeInvoiceStatus: 'Mark an invoice as sent, paid, void and so on',

  // Policy
  findPoliciesForWorkspace: 'List time off policies',
  createPolicy: 'Add a time off policy',
  getPolicy: 'Read one time off policy',
  updatePolicy: 'Replace a time off policy: fields left out are lost',
  updatePolicyStatus: 'Archive or restore a time off policy',
  deletePolicy: 'Delete an archived time off policy',
  findPtoPoliciesForWorkspace: 'Retired: list time off policies',
  createPtoPolicy: 'Retired: add a time off policy',
  getPtoPolicy: 'Retired: read one time off policy',
  updatePtoPolicy: 'Retired: replace a time off policy',
  updatePtoPolicyStatus: 'Retired: archive or restore a time off policy',
  deletePtoPolicy: 'Retired: delete a time off policy',

  // Project
  getProjects: 'List projects, active and archived',
  createNewProject: 'Add a project',
  createProjectFromTemplate: 'Add a project that copies a template',
  getProject: 'Read one project',
  updateProject: 'Change the main fields of a project',
  deleteProject: 'Delete an archived project',
  updateEstimate: 'Set the time or budget estimate of a project',
  addUsersToProject: 'Assign members and groups to a project, or remove them',
  updateMemberships: 'Replace the members of a project together with their rates',
  updateIsProjectTemplate: 'Make a project a template, or a plain project again',
  addUsersCostRate: 'Set the cost rate of a member on one project',
  addUsersHourlyRate: 'Set the billable rate of a member on one project',

  // Scheduling
  getAllAssignments: 'List the scheduled assignments between two dates',
  getFilteredProjectTotals: 'Sum the scheduled hours per project, with filters',
  getProjectTotalsForSingleProject: 'Sum the scheduled hours of one project',
  publishAssignments: 'Publish the draft assignments between two dates',
  createRecurring: 'Schedule a member on a project, once or repeatedly',
  editRecurring: 'Change an assignment or a series of them',
  deleteRRecurringAssignment: 'Delete an assignment or a series of them',
  editRecurringPeriod: 'Change how often and how long an assignment repeats',
  getUserTotals: 'Sum the scheduled hours and the capacity per member, with filters',
  getUserTotalsForSingleUser: 'Sum the scheduled hours and the capacity of one member',
  copyAssignment: 'Copy an assignment to another member',
  getProjectTotals: 'Deprecated: sum the scheduled hours per project',

  // Shared report
  generateSharedReportV1: 'Run a shared report, as JSON or as a file',
  getSharedReportsV1: 'List the shared reports of the workspace',
  saveSharedReportV1: 'Save a report and share it by link',
  updateSharedReportV1: 'Replace the settings of a shared report',
  deleteSharedReportV1: 'Delete a shared report',

  // Tag
  getTags: 'List tags, active and archived',
  createNewTag: 'Add a tag',
  getTag: 'Read one tag',
  updateTag: 'Replace a tag: fields left out are lost',
  deleteTag: 'Delete a tag',

  // Task
  getTasks: 'List the tasks of one project, active and done',
  createTask: 'Add a task to a project',
  setTaskCostRate: 'Set the cost rate of a task',
  setTaskHourlyRate: 'Set the billable rate of a task',
  getTask: 'Read one task',
  updateTask: 'Replace a task',
  deleteTask: 'Delete a task that is done',

  // Team report
  generateAttendanceReport: 'Report presence, breaks and time off per member and day',

  // Time entry
  createTimeEntry: 'Add your own time entry or start your own timer',
  updateInvoicedStatus: 'Mark time entries as invoiced, or not',
  getInProgressTimeEntries: 'List the timers that run now, of all members',
  getTimeEntry: 'Read one time entry',
  updateTimeEntry: 'Replace a time entry: fields left out are lost',
  deleteTimeEntry: 'Delete a time entry',
  getTimeEntries: 'List the time entries of one member',
  createForOthers: 'Add a time entry or start a timer for a member',
  replaceMany: 'Replace several time entries of a member at once',
  stopRunningTimeEntry: 'Stop the running timer of a member',
  deleteMany: 'Delete several time entries of a member at once',
  duplicateTimeEntry: 'Copy a time entry of a member',

  // Time entry report
  generateDetailedReport: 'Report time entries line by line for a range of dates',
  generateSummaryReport: 'Report tracked time in groups for a range of dates',
  generateWeeklyReport: 'Report the tracked time of one week, day by day',

  // Time off
  createTimeOffRequest: 'Ask for time off under a policy',
  changeTimeOffRequestStatus: 'Approve or reject a time off request',
  deleteTimeOffRequest: 'Delete a time off request',
  createTimeOffRequestForOther: 'Ask for time off on behalf of a member',
  getTimeOffRequest: 'Search time off requests by member, date or status',
  createPtoTimeOffRequest: 'Retired: ask for time off under a policy',
  changePtoTimeOffRequestStatus: 'Retired: approve or reject a time off request',
  deletePtoTimeOffRequest: 'Retired: delete a time off request',
  createPtoTimeOffRequestForOther: 'Retired: ask for time off on behalf of a member',
  getPtoTimeOffRequests: 'Retired: search time off requests',

  // User
  uploadImage: 'Upload a picture and receive its address',
  getLoggedUser: 'Read the user behind the token or key',
  getMemberProfile: 'Read the work capacity, working days and custom fields of a member',
  updateMemberProfileWithAdditionalData: 'Change the profile of a member',
  getUsersOfWorkspace: 'List the members of the workspace',
  filterUsersOfWorkspace: 'Search members by name, role, group or status',
  upsertUserCustomFieldValue: 'Set the value of a custom field of a member',
  getManagersOfUser: 'List the managers of a member',
  createUserRole: 'Give a member the role of a manager',
  deleteUserRole: 'Take the role of a manager from a member',

  // Webhooks
  getAddonWebhooks: 'List the webhooks of one add-on installation',
  getWebhooks: 'List the webhooks of the workspace',
  createWebhook: 'Register a webhook for one event',
  getWebhook: 'Read one webhook',
  updateWebhook: 'Replace a webhook',
  deleteWebhook: 'Delete a webhook',
  getLogsForWebhook: 'Search the deliveries of a webhook in the last seven days',
  generateNewToken: 'Replace the secret token of a webhook',

  // Workspace
  getWorkspacesOfUser: 'List the workspaces of the user behind the key',
  createWorkspace: 'Open a new workspace',
  getWorkspaceOfUser: 'Read a workspace with its settings, plan and features',
  setWorkspaceCostRate: 'Set the default cost rate of the workspace',
  setWorkspaceHourlyRate: 'Set the default billable rate of the workspace',
  addUsers: 'Invite a person to the workspace',
  updateUserStatus: 'Activate or deactivate a member',
  removeMember: 'Deprecated: remove a member from the workspace',
  setCostRateForUser: 'Set the cost rate of a member',
  setHourlyRateForUser: 'Set the billable rate of a member',
};
