/**
 * A chat message about the end of a run: Slack's Block Kit, as a file that a later job hands to Slack. Foreign text
 * is in `plain_text` alone, which notifies nobody and makes no link. Slack's own markup holds only words, numbers and
 * addresses of the action. Sizes: https://docs.slack.dev/reference/block-kit/blocks
 */

import type { NotifyKind } from '../core/records/notify-kind.ts';
import { revealBlanks } from '../core/text/blanks.ts';
import { revealInvisible } from '../core/text/characters.ts';

/** Somebody who is asked to approve. */
export interface AskedPerson {
  readonly login: string;
  /** The member id in Slack, by the policy; null if it names none. */
  readonly slack: string | null;
}

/** How a run ended. Foreign text can be written by anybody. */
export interface Announcement {
  readonly kind: NotifyKind;
  readonly mode: string;
  readonly decision: string;
  readonly reason: string;
  /** Sentences of the action: what happened, and what to do next. */
  readonly said: readonly string[];
  /** Foreign. */
  readonly detail: string;
  /** Where it happened; null if it is not known. */
  readonly place: {
    /** `https://github.com/owner/name` */
    readonly repositoryUrl: string;
    readonly repository: string;
    readonly runId: number;
  } | null;
  readonly pullRequest: number | null;
  /** Foreign: the title of the plan. */
  readonly title: string | null;
  readonly commentUrl: string | null;
  readonly commit: string | null;
  /** Foreign: the paths that were refused. */
  readonly deniedFiles: readonly string[];
  readonly asked: { readonly label: string; readonly people: readonly AskedPerson[] } | null;
  /** Of a run over several pull requests: those that somebody should look at. */
  readonly several: readonly { readonly pullRequest: number; readonly kind: NotifyKind }[];
}

interface PlainText {
  readonly type: 'plain_text';
  readonly text: string;
  readonly emoji: false;
}

interface Markup {
  readonly type: 'mrkdwn';
  readonly text: string;
  readonly verbatim: true;
}

type Block =
  | { readonly type: 'header'; readonly text: PlainText }
  | { readonly type: 'section'; readonly text: PlainText | Markup }
  | { readonly type: 'context'; readonly elements: readonly (PlainText | Markup)[] };

export interface Notification {
  /** What a phone shows. It holds no foreign text, because Slack reads markup in it. */
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** Far below Slack's own limits: 150 for a header, 3000 for a section, 50 blocks. */
const most = { title: 200, detail: 1500, path: 200, paths: 10, pulls: 20, label: 50, markup: 2900 };

export function buildNotification(announcement: Announcement): Notification {
  const { asked, deniedFiles, detail, said, title } = announcement;
  const heading = headingOf(announcement);
  const links = linksOf(announcement);
  const blocks: Block[] = [
    { type: 'header', text: plain(heading, 150) },
    ...(title === null ? [] : [section(plain(title, most.title))]),
    ...(links.length === 0
      ? []
      : [section(markup(takeFitting(links, ' · ', most.markup).join(' · ')))]),
    ...(said.length === 0 ? [] : [section(plain(said.join(' '), most.detail))]),
    ...(detail.trim() === '' ? [] : [section(plain(detail, most.detail))]),
    ...(deniedFiles.length === 0 ? [] : [section(plain(listPaths(deniedFiles), 3000))]),
    ...(asked === null ? [] : describeAsked(asked)),
    ...describeSeveral(announcement),
    ...describePlace(announcement),
  ];
  const { pullRequest } = announcement;
  const text = pullRequest === null ? heading : `${heading}: pull request ${pullRequest}`;
  return { text, blocks };
}

/** Only in words of the action. */
function headingOf({ decision, kind, mode, reason, several }: Announcement): string {
  if (several.length > 0) return `Codex plan: ${several.length} pull requests need a look`;
  switch (kind) {
    case 'approval-wanted':
      return reason === 'votes-missing'
        ? 'A Codex plan needs another approval'
        : 'A Codex plan awaits approval';
    case 'executed':
      return 'A Codex plan was executed';
    case 'drifted':
      return 'A Codex plan has drifted';
    case 'denied':
      return `Codex plan: ${mode} was denied`;
    case 'failed':
      return `Codex plan: ${mode === '' ? 'a run' : mode} failed`;
    default:
      return `Codex plan: ${decision}`;
  }
}

function linksOf({ commentUrl, commit, place, pullRequest }: Announcement): string[] {
  if (place === null) return [];
  const { repositoryUrl: url, runId } = place;
  const isOurs = commentUrl?.startsWith(`${url}/`) && /^[\w:/.#?=&-]+$/.test(commentUrl);
  return [
    ...(pullRequest === null
      ? []
      : [link(`${url}/pull/${pullRequest}`, `Pull request ${pullRequest}`)]),
    ...(commentUrl !== null && isOurs ? [link(commentUrl, 'comment')] : []),
    ...(commit !== null && /^[0-9a-f]{40,64}$/.test(commit)
      ? [link(`${url}/commit/${commit}`, `commit ${commit.slice(0, 7)}`)]
      : []),
    link(`${url}/actions/runs/${runId}`, 'run'),
  ];
}

function describeAsked({ label, people }: NonNullable<Announcement['asked']>): Block[] {
  if (people.length === 0) return [];
  const mentions = people.flatMap(({ slack }) =>
    slack !== null && /^[UW][A-Z0-9]{1,20}$/.test(slack) ? [`<@${slack}>`] : [],
  );
  const logins = people.map(({ login }) => login).join(', ');
  const how = `Asked: ${logins}. A review does not approve the plan: set the label ${cut(label, most.label)}.`;
  return [
    ...(mentions.length === 0 ? [] : [section(markup(mentions.join(' ')))]),
    section(plain(how, most.detail)),
  ];
}

function describeSeveral({ place, several }: Announcement): Block[] {
  if (place === null || several.length === 0) return [];
  const lines = several.map(
    ({ pullRequest, kind }) =>
      `${link(`${place.repositoryUrl}/pull/${pullRequest}`, `Pull request ${pullRequest}`)}: ${kind}`,
  );
  const shown = takeFitting(lines.slice(0, most.pulls), '\n', most.markup);
  const left = several.length - shown.length;
  return [section(markup([...shown, ...(left > 0 ? [`and ${left} more`] : [])].join('\n')))];
}

function describePlace({ place }: Announcement): Block[] {
  if (place === null) return [];
  return [{ type: 'context', elements: [plain(place.repository, most.title)] }];
}

function listPaths(paths: readonly string[]): string {
  const shown = paths.slice(0, most.paths).map((path) => cut(readable(path), most.path));
  const left = paths.length - shown.length;
  return [...shown, ...(left > 0 ? [`and ${left} more`] : [])].join('\n');
}

function section(text: PlainText | Markup): Block {
  return { type: 'section', text };
}

/** For any text. Line feeds of the action are kept. */
function plain(text: string, length: number): PlainText {
  const shown = text
    .split('\n')
    .map(readable)
    .filter((one) => one !== '')
    .join('\n');
  return { type: 'plain_text', text: cut(shown || '-', length), emoji: false };
}

/** For words of the action only: Slack reads markup in it. */
function markup(text: string): Markup {
  return { type: 'mrkdwn', text: text, verbatim: true };
}

function link(address: string, words: string): string {
  return `<${address.replaceAll('&', '&amp;')}|${words}>`;
}

/** The first pieces that fit, each whole: a link that is cut in the middle does not work. */
function takeFitting(pieces: readonly string[], separator: string, length: number): string[] {
  const end = pieces.findIndex((_, at) => pieces.slice(0, at + 1).join(separator).length > length);
  return end === -1 ? [...pieces] : pieces.slice(0, end);
}

/** One line, with all invisible characters written out. */
function readable(text: string): string {
  return revealBlanks(revealInvisible(text.toWellFormed())).replace(/\s+/g, ' ').trim();
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1).toWellFormed()}…` : text;
}
