import type { AnswerTable, Context } from '../context.ts';
import { cutPage, pagingStyles } from '../paging.ts';
import { bytes, json, refuse, type Reply } from '../reply.ts';
import { all, findOne } from '../rows.ts';

/** Shared reports; both reads live on the reports host. */
export const reportAnswers: AnswerTable = {
  getSharedReportsV1: {
    kind: 'list',
    rows: (context) => {
      // Live, an unknown filter is a server error, not a refusal.
      if (!filters.includes(context.query.get('sharedReportsFilter') ?? 'ALL'))
        throw refuse(500, null, 'Internal error');
      return all('shared_reports')(context);
    },
    paging: pagingStyles.camel,
    wrap: (reports, count) => ({ reports, count }),
  },
  generateSharedReportV1: { kind: 'other', reply: replyReport },
};

const filters = ['ALL', 'CREATED_BY_ME', 'SHARED_WITH_ME'];

const fileTypes: Readonly<Record<string, string>> = {
  PDF: 'application/pdf',
  CSV: 'text/csv',
  XLSX: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ZIP: 'application/zip',
};

function replyReport(context: Context): Reply {
  const report = findOne('shared_reports', 'id')(context);
  const contentType = fileTypes[context.query.get('exportType') ?? 'JSON_V1'];
  if (contentType !== undefined) return bytes(`${String(report['name'])}\n`, contentType);
  const rows = context.world.list('time_entries', context.caller.userId);
  return json({
    totals: [{ _id: '', entriesCount: rows.length }],
    timeentries: cutPage(rows, pagingStyles.camel, context).items,
    filters: { sharedReportId: report['id'] },
  });
}
