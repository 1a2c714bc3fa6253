import type { TimeZone } from './calendar.ts';

/** The settings of an account as the user list shows them. */
export function userSettings(timeZone: TimeZone) {
  return {
    weekStart: timeZone === 'America/New_York' ? 'SUNDAY' : 'MONDAY',
    timeZone,
    timeFormat: timeZone === 'America/New_York' ? 'HOUR12' : 'HOUR24',
    dateFormat: timeZone === 'America/New_York' ? 'MM/DD/YYYY' : 'DD/MM/YYYY',
    sendNewsletter: false,
    weeklyUpdates: false,
    longRunning: true,
    scheduledReports: true,
    approval: true,
    pto: true,
    alerts: true,
    reminders: true,
    invoiceReminders: false,
    onboarding: false,
    timeTrackingManual: false,
    summaryReportSettings: { group: 'Project', subgroup: 'Time Entry' },
    isCompactViewOn: false,
    dashboardSelection: 'ME',
    dashboardViewType: 'PROJECT',
    dashboardPinToTop: false,
    projectListCollapse: 50,
    collapseAllProjectLists: false,
    groupSimilarEntriesDisabled: false,
    myStartOfDay: '09:00',
    darkTheme: false,
    projectPickerSpecialFilter: false,
    projectPickerTaskFilter: false,
    lang: 'EN',
    multiFactorEnabled: false,
    scheduling: true,
    showOnlyWorkingDays: false,
    theme: 'DEFAULT',
  };
}
