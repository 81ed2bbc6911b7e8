/** Both reports of an audit, with hostile text wherever somebody else chose it. */
import { createHash } from 'node:crypto';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import { type Audit, audit } from '../../src/core/audit/audit.ts';
import type { AuditEvent } from '../../src/core/audit/events.ts';
import { renderAuditPage } from '../../src/report/audit-page.ts';
import { renderAudit } from '../../src/report/audit-report.ts';

const hostile = `</bdi></style><script>alert(1)</script><img src=x onerror=alert(1)>"'\`@octo/team #1 [x](http://x.y) \u202e\u200b`;
const digest = 'a'.repeat(64) as AuditEvent['entry_sha256'];

const event: AuditEvent = {
  schema: 'codex-plan-event/v1',
  entry_sha256: digest,
  prev_sha256: null,
  seq: 1,
  occurred_at: '2026-01-02T03:04:05Z',
  event: 'denied',
  actor_id: 1,
  actor_login: hostile,
  detail: hostile,
  paths: [hostile],
  repository_id: null,
  repository: null,
  pull_request: null,
  plan_id: null,
  plan_created_at: null,
  plan_seconds: null,
  requester_ids: [],
  requester_logins: [],
  head_sha: null,
  base_sha: null,
  model: null,
  approval_sha256: null,
  change_sha256: null,
};

const found: Audit = {
  ...audit([], 'not proven'),
  findings: [hostile],
  toldByGitHub: ['That the plan comment showed the plan unaltered.', hostile],
  notProvable: [hostile],
  events: [event],
};

describe('the page', () => {
  const page = renderAuditPage(found);

  it('shows foreign text as text', () => {
    expect(page.match(/<script|<img|onerror=(?!alert\(1\)&#62;)|href|url\(/g)).toBeNull();
    expect(page).not.toContain('\u202e');
    expect(page).not.toContain('\u200b');
    expect(page.match(/&#60;script&#62;/g)?.length).toBeGreaterThan(4);
  });

  it('loads nothing and runs nothing, by the policy in its head', () => {
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    expect(page).toContain(
      `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
    );
    // Before anything that it is to hold.
    expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<style>'));
    expect(page).not.toMatch(/\sstyle=/);
  });

  it('has both colour schemes', () => {
    expect(page).toContain('prefers-color-scheme: dark');
    expect(page).toContain('<meta name="color-scheme" content="light dark">');
  });

  it('says what is wrong first', () => {
    expect(page).toContain('Inconsistent.');
    expect(page.indexOf('What does not hold')).toBeLessThan(page.indexOf('What happened'));
  });
});

describe('the report', () => {
  const report = renderAudit(found);

  it('shows foreign text as text', () => {
    const html = micromark(report, {
      allowDangerousHtml: true,
      extensions: [gfm()],
      htmlExtensions: [gfmHtml()],
    });
    expect(html.match(/<(?!br>)(?:script|img|style|a)\b|<\/bdi/g)).toBeNull();
    // Nobody is mentioned, also where GitHub looks once more at the text.
    expect(html.replace(/<code>.*?<\/code>/g, '')).not.toMatch(/@octo|#1/);
  });

  it('has at most 500 sentences of a kind, and says how many more there are', () => {
    const many = Array.from({ length: 700 }, (_, n) => `Sentence ${n}.`);
    const long = renderAudit({ ...found, findings: many, notProvable: many });
    expect(long.match(/^- Sentence /gm)).toHaveLength(1000);
    expect(long.match(/^- and 200 more$/gm)).toHaveLength(2);
  });

  it('leaves words of ours as they are', () => {
    expect(report).toContain('\n- That the plan comment showed the plan unaltered');
  });
});

describe('evidence of nothing', () => {
  it('is inconsistent', () => {
    expect(audit([], 'proven').findings).toEqual(['There is no evidence.']);
  });
});
