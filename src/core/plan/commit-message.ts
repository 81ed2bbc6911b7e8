/**
 * Writes the message of the commit that carries out a plan, and reads what such a message claims.
 *
 * The title is a model's text, and many words in a commit message make a program act: `fixes #1` closes an issue,
 * `@team` calls people, `[skip ci]` stops the checks, `feat!:` releases a new major version, `fixup!` rewrites
 * another commit, a line `---` ends the message for git. So the title is put on one line, and a blank is put into
 * such words. The template comes from the policy, so from the maintainers, and stays as it is.
 */
import { revealInvisible } from '../text/characters.ts';
import { type PlanId, parseSha256, shortDigest } from '../text/digest.ts';

/** What a message is made of. The logins and the address come from GitHub. Null means that the value is known only later. */
export interface CommitFacts {
  /** The plan's title, as the model wrote it. */
  readonly title: string;
  readonly planId: PlanId;
  readonly pullRequest: number;
  /** The logins of all who asked, oldest request first. */
  readonly requesters: readonly string[];
  /** The logins of all who took files out of the plan. */
  readonly narrowedBy: readonly string[];
  /** The logins of all who approved, in the order of their labels. */
  readonly approvers: readonly string[] | null;
  readonly runUrl: string | null;
}

/**
 * What the last paragraph of a commit message says about a plan; null for a trailer that is missing or there twice.
 */
export interface PlanClaim {
  readonly planId: PlanId | null;
  readonly runUrl: string | null;
}

export const defaultTemplate = '{title}';

const placeholders = ['title', 'plan', 'pull-request', 'requester', 'approver'] as const;
const maxTemplateLength = 2000;
const maxSubjectLength = 72;
/** The title keeps at least this much of the subject, however long the template is. */
const minTitleLength = 24;
const later = '…';

/** What `git commit --verbose` writes before the changes. */
const scissors = /-{24} >8 -{24}$/;

const trailers = {
  planId: 'Codex-Plan-Id',
  approvedBy: 'Codex-Plan-Approved-By',
  requestedBy: 'Codex-Plan-Requested-By',
  narrowedBy: 'Codex-Plan-Narrowed-By',
  run: 'Codex-Plan-Run',
} as const;

/**
 * Why a text cannot be the template of a commit message, as the end of the sentence "it must be …"; undefined if it
 * can.
 */
export function templateProblem(template: string): string | undefined {
  if (template.length > maxTemplateLength) return `at most ${maxTemplateLength} characters`;
  const lines = template.split(/\r?\n/);
  if (lines[0]?.trim() === '') return 'a text whose first line is the subject of the commit';
  if (/[^\n\P{Cc}]/u.test(template.replaceAll('\r\n', '\n'))) {
    return 'a text without control characters';
  }
  if (lines.some((line) => /^---(?!\S)/.test(line))) {
    return 'a text without the word --- at the start of a line, because git ends a message there';
  }
  if (lines.some((line) => scissors.test(line.trimEnd()))) {
    return 'a text without a scissors line, because git ends a message there';
  }
  if (lines.some((line) => /^\s*Codex-Plan-/i.test(line))) {
    return 'a text without the lines Codex-Plan-…, which the action writes itself';
  }
  // Next to another character of the template, the first or last word of the title could become a type, a directive
  // or a reference.
  if (/(?<![\s("'])\{title\}|\{title\}(?![\s)"'.,;])/.test(`\n${template}\n`)) {
    return 'a text in which {title} is between blanks, brackets or quotes';
  }
  const unknown = [...template.matchAll(/\{([a-z-]+)\}/g)].find(
    ([, name]) => !placeholders.some((known) => known === name),
  );
  if (unknown === undefined) return undefined;
  return `a text with no other placeholders than ${placeholders.map((name) => `{${name}}`).join(', ')}`;
}

/**
 * The whole message: the template with its placeholders filled in, and the trailers of the action as its last
 * paragraph.
 * @param template a template in which `templateProblem` finds nothing
 */
export function commitMessage(template: string, facts: CommitFacts): string {
  const [subject = '', ...body] = template.trimEnd().split(/\r?\n/);
  const lines = [fillSubject(subject, facts), ...body.map((line) => fill(line, facts))];
  const paragraph = endsInTrailers(body) ? lines : [...lines, ''];
  return [...paragraph, ...planTrailers(facts)].map((line) => line.trimEnd()).join('\n');
}

/**
 * What a commit claims. Only the last paragraph counts, because git reads trailers there; the paragraphs before it
 * hold the title.
 * @param message of any commit of a pull request; whoever pushed it wrote it
 * @returns undefined if it claims no plan
 */
export function readPlanClaim(message: string): PlanClaim | undefined {
  const lines = message.replaceAll('\r\n', '\n').split(endOfMessage).flatMap(lastParagraph);
  const values = (name: string) =>
    lines.flatMap((line) => {
      const [, token = '', value = ''] = /^([A-Za-z0-9-]+)[ \t\r]*:(.*)$/s.exec(line) ?? [];
      return token.toLowerCase() === name.toLowerCase() ? [value.trim()] : [];
    });
  const only = (found: readonly string[]) => (found.length === 1 ? (found[0] as string) : null);
  const planIds = values(trailers.planId);
  if (planIds.length === 0) return undefined;
  return {
    planId: (parseSha256(only(planIds) ?? '') as PlanId | undefined) ?? null,
    runUrl: only(values(trailers.run)) || null,
  };
}

/**
 * Where a message ends for some of the programs that read it: at a byte of zero, at a line `---`, and at the scissors
 * line. Others read on, so a claim counts on both sides.
 */
const endOfMessage = new RegExp(`\\0|^---(?=\\s)|^.{0,9}${scissors.source}`, 'm');

/** Git passes over comments, and takes another character for them if the reader configured one (core.commentChar). */
const comment = /^[#;@!$%^&|:]/;

/**
 * Where git looks for trailers. After it there can be comments and a list of conflicts, which git passes over:
 * https://git-scm.com/docs/git-interpret-trailers. If this found less than git, a commit could show an approval that nobody checks.
 */
function lastParagraph(message: string): readonly string[] {
  const lines = message.split('\n');
  // Git takes no other blank for one.
  const isEmpty = (line: string) => /^[ \t\r]*$/.test(line);
  let end = 0;
  let isConflicts = false;
  for (const [index, line] of lines.entries()) {
    if (isEmpty(line) || comment.test(line)) continue;
    isConflicts = line === 'Conflicts:' || (isConflicts && line.startsWith('\t'));
    if (!isConflicts) end = index + 1;
  }
  const text = lines.slice(0, end);
  return text.slice(text.findLastIndex(isEmpty) + 1);
}

/**
 * A model's text as one line of a commit message. It gets a blank in each place at which git, GitHub, a CI service, a
 * release tool or an issue tracker would act on it. It stays readable and never becomes shorter.
 */
export function neutraliseTitle(title: string): string {
  const line = revealInvisible(title.replace(/\s+/gu, ' ').trim());
  const apart = line
    .replace(/([#@[])(?=\S)/g, '$1 ') // an issue, a mention, [skip ci]
    .replace(/!(?=:)/g, '! ') // a breaking change
    .replace(/:\/(?=\/)/g, ':/ ') // an address
    .replace(/:(?=[\w+-]+:)/g, ': ') // :boom: as a type
    .replace(/\*{3,}/g, (stars) => [...stars].join(' ')) // ***NO_CI***
    .replace(/^(fixup|squash|amend|wip)(?=!)/i, '$1 ') // git rebase --autosquash
    .replace(/^([\w-]+(?: [\w-]+)?(?:\([^()]*\))?!?)(?=:(?!\/))/, '$1 ') // feat: and BREAKING CHANGE:
    .replace(/\b(GH)-(?=\d)/gi, '$1- ')
    .replace(/^([A-Za-z][A-Za-z0-9]*)-(?=\d)/, '$1- ') // after a template like fix: {title}
    .replace(closingKeyword, '$1- ')
    .replace(endsInKeyword, '$&.'); // before a template like {title} #{pull-request}
  // Git takes such a line for a comment or for the end of the message.
  return /^(?:#|---)/.test(apart) ? `· ${apart}` : apart;
}

/** Issue trackers close `ENG-123` after these words. After other words it can be a name like UTF-8 or SHA-256. */
const closingKeyword =
  /\b((?:clos|fix|resolv|complet|implement)(?:e|s|es|ed|ing)?\b[:\s]*[A-Z][A-Z0-9]*)-(?=\d)/gi;
const endsInKeyword = /\b(?:clos|fix|resolv|complet|implement)(?:e|s|es|ed|ing)?[:\s]*$/i;

function fillSubject(line: string, facts: CommitFacts): string {
  const title = titleOr(facts);
  const rest = [...fill(line, facts, '')].length;
  const room = Math.max(minTitleLength, maxSubjectLength - rest);
  return fill(line, facts, cut(title, room));
}

function titleOr({ title, planId }: CommitFacts): string {
  return neutraliseTitle(title) || `Codex plan ${shortDigest(planId)}`;
}

/** One pass over the template, so that a placeholder inside the title stays as it is. */
function fill(line: string, facts: CommitFacts, title = titleOr(facts)): string {
  const values: Record<(typeof placeholders)[number], string> = {
    title,
    plan: shortDigest(facts.planId),
    'pull-request': String(facts.pullRequest),
    requester: facts.requesters.at(-1) ?? later,
    approver: facts.approvers?.at(-1) ?? later,
  };
  return line.replace(/\{([a-z-]+)\}/g, (written, name: string) =>
    Object.hasOwn(values, name) ? values[name as keyof typeof values] : written,
  );
}

function planTrailers(facts: CommitFacts): string[] {
  const each = (name: string, values: readonly string[]) =>
    values.map((value) => `${name}: ${value}`);
  return [
    ...each(trailers.planId, [facts.planId]),
    ...each(trailers.approvedBy, facts.approvers ?? [later]),
    ...each(trailers.requestedBy, [...new Set(facts.requesters)]),
    ...each(trailers.narrowedBy, [...new Set(facts.narrowedBy)]),
    ...each(trailers.run, [facts.runUrl ?? later]),
  ];
}

/** Whether the last paragraph after the subject is made of trailers, as the template itself writes them. */
function endsInTrailers(body: readonly string[]): boolean {
  const start = body.findLastIndex((line) => line.trim() === '') + 1;
  const last = body.slice(start);
  return start > 0 && last.every((line) => /^[A-Za-z0-9-]+: \S/.test(line));
}

/** At most this many characters; an ellipsis replaces the rest. */
function cut(text: string, length: number): string {
  if ([...text].length <= length) return text;
  let kept = '';
  let left = length - 1;
  for (const { segment } of new Intl.Segmenter('en').segment(text)) {
    left -= [...segment].length;
    if (left < 0) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}
