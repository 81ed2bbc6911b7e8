/** The files that an audit writes, by their paths below `audit/`. */

import type { Audit } from '../core/audit/audit.ts';
import { eventFile } from '../core/audit/events.ts';
import type { Members } from '../core/records/members.ts';
import { toMembers } from '../core/records/members.ts';
import { renderAuditPage } from './audit-page.ts';
import { renderAudit } from './audit-report.ts';

/** @returns the files, and the report for the job summary */
export function auditFiles(audit: Audit): { readonly files: Members; readonly markdown: string } {
  const markdown = renderAudit(audit);
  const events = audit.events.map((event) => {
    const { path, content } = eventFile(event);
    return [`events/${path}`, content] as const;
  });
  const files = toMembers({
    'report.md': markdown,
    'report.html': renderAuditPage(audit),
    ...Object.fromEntries(events),
  });
  return { files, markdown };
}
