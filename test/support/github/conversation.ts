import type { Account, App } from './accounts.ts';
import { escapeHtml, markdown } from './markdown.ts';
import type { Repository } from './repository.ts';
import type { Comment, Issue, IssueEvent, Run } from './state.ts';

/** What happened in a conversation, in the order it happened. */
export type TimelineEntry =
  | { kind: 'comment'; comment: Comment }
  | { kind: 'event'; event: IssueEvent }
  | { kind: 'push'; issue: Issue; sha: string; by: Account; at: string }
  | { kind: 'run'; run: Run };

/** A self-contained page that shows a pull request's conversation about as GitHub does. */
export function conversationPage(repository: Repository, issue: Issue): string {
  const { pull } = issue;
  const entries = repository.timeline.map((entry) => show(repository, issue, entry)).join('\n');
  const state = pull?.merged ? 'merged' : pull?.draft ? 'draft' : issue.state;
  const labels = issue.labels.map((label) => pill(label.name, label.color)).join(' ');
  const branches = pull
    ? `wants to merge into <code>${escapeHtml(pull.base.ref)}</code> from
       <code>${escapeHtml(pull.head.repository === repository ? pull.head.ref : `${pull.head.owner.login}:${pull.head.ref}`)}</code>`
    : 'opened this';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(issue.title)} · #${issue.number} · ${escapeHtml(repository.fullName)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<p class="where">${escapeHtml(repository.fullName)}</p>
<h1>${escapeHtml(issue.title)} <span class="number">#${issue.number}</span></h1>
<p><span class="state ${state}">${state[0]?.toUpperCase()}${state.slice(1)}</span>
<b>${escapeHtml(issue.user.login)}</b> ${branches}</p>
${labels ? `<p class="labels">${labels}</p>` : ''}
</header>
<main>
${box(issue.user, null, issue.createdAt, markdown(issue.body ?? '_No description provided._'))}
${entries}
</main>
</body>
</html>
`;
}

function show(repository: Repository, issue: Issue, entry: TimelineEntry): string {
  switch (entry.kind) {
    case 'comment':
      return showComment(repository, issue, entry.comment);
    case 'event':
      return entry.event.issue === issue ? showEvent(entry.event) : '';
    case 'push':
      return entry.issue === issue ? showPush(repository, entry) : '';
    case 'run':
      return entry.run.pull?.issue === issue ? showRun(entry.run) : '';
  }
}

function showComment(repository: Repository, issue: Issue, comment: Comment): string {
  if (comment.issue !== issue || !repository.comments.has(comment.id)) return '';
  const edited = comment.updatedAt !== comment.createdAt;
  const reactions = new Map<string, number>();
  for (const { content } of comment.reactions) {
    reactions.set(content, (reactions.get(content) ?? 0) + 1);
  }
  const shown = [...reactions].map(
    ([content, count]) => `<span class="reaction">${FACES[content] ?? content} ${count}</span>`,
  );
  const body = `${markdown(comment.body)}${shown.length > 0 ? `<p>${shown.join(' ')}</p>` : ''}`;
  const whole = box(comment.user, comment.app, comment.createdAt, body, edited);
  if (comment.minimized === null) return whole;
  return `<details class="minimized"><summary>This comment was marked as ${escapeHtml(comment.minimized)}.</summary>
${whole}</details>`;
}

const FACES: Record<string, string> = {
  '+1': '👍',
  '-1': '👎',
  laugh: '😄',
  hooray: '🎉',
  confused: '😕',
  heart: '❤️',
  rocket: '🚀',
  eyes: '👀',
};

const VERBS: Record<string, string> = {
  closed: 'closed this',
  reopened: 'reopened this',
  merged: 'merged this',
  head_ref_force_pushed: 'force-pushed the branch',
  head_ref_deleted: 'deleted the branch',
  base_ref_changed: 'changed the base branch',
  comment_deleted: 'deleted a comment',
  convert_to_draft: 'marked this as a draft',
  ready_for_review: 'marked this as ready for review',
  locked: 'locked the conversation',
};

function showEvent(event: IssueEvent): string {
  const { label, rename } = event;
  let text = VERBS[event.event] ?? event.event;
  if (label) {
    const verb = event.event === 'labeled' ? 'added' : 'removed';
    text = `${verb} the ${pill(label.name, label.color)} label`;
  }
  if (rename) {
    text = `changed the title <del>${escapeHtml(rename.from)}</del> <b>${escapeHtml(rename.to)}</b>`;
  }
  return line(event.actor?.login ?? 'ghost', text, event.createdAt, event.event);
}

function showPush(repository: Repository, entry: TimelineEntry & { kind: 'push' }): string {
  const commit = repository.git.readCommit(entry.sha);
  const title = commit?.message.split('\n')[0] ?? '';
  const badge = repository.signedCommits.has(entry.sha)
    ? '<span class="verified">Verified</span>'
    : '';
  const text = `pushed <code>${entry.sha.slice(0, 7)}</code> ${escapeHtml(title)} ${badge}`;
  return line(entry.by.login, text, entry.at, 'push');
}

function showRun(run: Run): string {
  const mark =
    run.status !== 'completed' ? 'running' : run.conclusion === 'success' ? 'success' : 'failure';
  const attempt = run.attempt > 1 ? `, attempt ${run.attempt}` : '';
  const text = `<span class="mark ${mark}"></span> workflow <b>${escapeHtml(run.workflow.name)}</b>
    on <code>${escapeHtml(run.event)}</code>${attempt} · ${escapeHtml(run.conclusion ?? run.status)}`;
  return `<p class="event run">${text} <time>${time(run.startedAt)}</time></p>`;
}

function line(who: string, text: string, at: string, kind: string): string {
  return `<p class="event ${escapeHtml(kind)}"><b>${escapeHtml(who)}</b> ${text} <time>${time(at)}</time></p>`;
}

function box(who: Account, app: App | null, at: string, body: string, edited = false): string {
  const bot = who.type === 'Bot' || app ? ' <span class="bot">bot</span>' : '';
  return `<article><header><b>${escapeHtml(who.login.replace(/\[bot\]$/, ''))}</b>${bot} commented
<time>${time(at)}</time>${edited ? ' · edited' : ''}</header><div class="body">${body}</div></article>`;
}

function pill(name: string, color: string): string {
  const [red = 0, green = 0, blue = 0] = (color.match(/../g) ?? []).map((part) =>
    Number.parseInt(part, 16),
  );
  const light = red * 0.299 + green * 0.587 + blue * 0.114 > 150;
  const safe = /^[0-9a-f]{6}$/i.test(color) ? color : 'ededed';
  return `<span class="label" style="background:#${safe};color:${light ? '#1f2328' : '#fff'}">${escapeHtml(name)}</span>`;
}

function time(at: string): string {
  return at.replace('T', ' ').replace('Z', ' UTC');
}

const STYLE = `
:root{color-scheme:light;font:14px/1.5 -apple-system,BlinkMacSystemFont,"Segoe UI","Noto Sans",Helvetica,Arial,sans-serif;color:#1f2328;background:#fff}
body{max-width:900px;margin:0 auto;padding:24px 16px 64px}
h1{font-size:26px;font-weight:400;margin:4px 0 8px;overflow-wrap:anywhere}
.number,.where,time{color:#59636e}.where{margin:0;font-weight:600}
body>header{border-bottom:1px solid #d1d9e0;padding-bottom:8px;margin-bottom:24px}
.state{display:inline-block;border-radius:2em;padding:4px 12px;margin-right:6px;color:#fff;font-weight:500;background:#1f883d}
.state.closed{background:#cf222e}.state.merged{background:#8250df}.state.draft{background:#59636e}
.label{display:inline-block;border-radius:2em;padding:0 8px;font-size:12px;line-height:20px;font-weight:500}
main{border-left:2px solid #d1d9e0;padding-left:16px}
article{border:1px solid #d1d9e0;border-radius:6px;margin:16px 0;background:#fff}
article>header{background:#f6f8fa;border-bottom:1px solid #d1d9e0;border-radius:6px 6px 0 0;padding:8px 16px;color:#59636e}
article>header b{color:#1f2328}
.body{padding:4px 16px;overflow-wrap:anywhere}
.bot{border:1px solid #d1d9e0;border-radius:2em;font-size:11px;padding:0 6px}
.event{margin:12px 0;color:#59636e}.event b{color:#1f2328}.event::before{content:"";display:inline-block;width:8px;height:8px;border-radius:50%;background:#d1d9e0;margin:0 10px 1px -21px;vertical-align:middle}
.event.labeled::before{background:#1f883d}.event.unlabeled::before{background:#cf222e}.event.merged::before{background:#8250df}
time{font-size:12px}
.mark{display:inline-block;width:10px;height:10px;border-radius:50%;background:#bf8700}.mark.success{background:#1f883d}.mark.failure{background:#cf222e}
.verified{border:1px solid #1f883d;color:#1a7f37;border-radius:2em;font-size:12px;padding:0 7px}
.minimized{margin:12px 0;color:#59636e}.minimized summary{cursor:pointer}.minimized article{opacity:.75}
code{background:#eff1f3;border-radius:6px;padding:.2em .4em;font:85% ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{background:#f6f8fa;border-radius:6px;padding:12px 16px;overflow:auto}pre code{background:none;padding:0}
.diff .plus{background:#dafbe1;display:inline-block;width:100%}.diff .minus{background:#ffebe9;display:inline-block;width:100%}
table{border-collapse:collapse;display:block;overflow:auto;margin:12px 0}th,td{border:1px solid #d1d9e0;padding:6px 13px;overflow-wrap:normal}tr:nth-child(2n) td{background:#f6f8fa}
blockquote{border-left:.25em solid #d1d9e0;color:#59636e;margin:12px 0;padding:0 1em}
.alert{border-left:.25em solid #0969da;padding:2px 1em;margin:12px 0}.alert .title{font-weight:600;color:#0969da}
.alert.warning{border-color:#9a6700}.alert.warning .title{color:#9a6700}.alert.caution{border-color:#cf222e}.alert.caution .title{color:#cf222e}.alert.important{border-color:#8250df}.alert.important .title{color:#8250df}.alert.tip{border-color:#1a7f37}.alert.tip .title{color:#1a7f37}
.reaction{border:1px solid #d1d9e0;border-radius:2em;padding:2px 8px;font-size:12px}
.box{display:inline-block;width:13px;height:13px;border:1px solid #59636e;border-radius:3px;margin-right:5px;vertical-align:middle;font-size:11px;line-height:13px;text-align:center}.box.on{background:#0969da;border-color:#0969da;color:#fff}
a{color:#0969da}.at{font-weight:600}hr{border:0;border-top:1px solid #d1d9e0}
`;
