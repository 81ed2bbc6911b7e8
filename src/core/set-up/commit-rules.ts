/** Which rules of a ruleset would refuse the commit that execute makes. */

import type { TryExpression } from '../text/linear-expression.ts';

/** The facts of a commit that rules look at. */
export interface SampleCommit {
  readonly message: string;
  readonly authorEmail: string;
  readonly committerEmail: string;
}

export interface CommitRefusal {
  /** False if this cannot be decided here. */
  readonly certain: boolean;
  readonly says: string;
  readonly paste: string;
}

interface RuleLike {
  readonly type: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

const bypassLine =
  '"bypass_actors": [{ "actor_type": "Integration", "actor_id": ID-OF-YOUR-APP, "bypass_mode": "always" }]';

/** Rules under which execute's way to update the branch is never allowed. */
const closing: Readonly<Record<string, string>> = {
  pull_request: 'A rule accepts changes by pull requests alone.',
  update: 'A rule lets only those on its bypass list update the branch.',
  required_status_checks: 'A rule accepts only commits that have passed their checks.',
  required_deployments: 'A rule accepts only commits that were deployed.',
  merge_queue: 'A rule accepts changes by the merge queue alone.',
  workflows: 'A rule accepts only commits for which the required workflows have passed.',
  code_scanning: 'A rule accepts only commits that code scanning has passed.',
};

/** Rules that may refuse some files. */
const aboutFiles = new Set([
  'file_path_restriction',
  'max_file_path_length',
  'file_extension_restriction',
  'max_file_size',
]);

/** Rules that one commit on top of the branch always keeps; GitHub signs it, since the API makes it. */
const kept = new Set([
  'creation',
  'deletion',
  'non_fast_forward',
  'required_linear_history',
  'required_signatures',
  'branch_name_pattern',
  'tag_name_pattern',
  'copilot_code_review',
  'code_quality',
]);

/** @returns null if the rule lets the commit pass */
export function refusesCommit(
  { type, parameters }: RuleLike,
  commit: SampleCommit,
  tryExpression: TryExpression,
): CommitRefusal | null {
  if (kept.has(type)) return null;
  const closed = closing[type];
  if (closed !== undefined) return { certain: true, says: closed, paste: bypassLine };
  if (aboutFiles.has(type)) {
    const says = `A rule (${type}) refuses some files, which a plan may name.`;
    return { certain: false, says, paste: bypassLine };
  }
  const text = textOf(type, commit);
  if (text === undefined) {
    const says = `A rule (${type}) that is not known here may refuse it.`;
    return { certain: false, says, paste: bypassLine };
  }
  return judgePattern(type, parameters, text, tryExpression);
}

function textOf(type: string, commit: SampleCommit): string | undefined {
  switch (type) {
    case 'commit_message_pattern':
      return commit.message;
    case 'commit_author_email_pattern':
      return commit.authorEmail;
    case 'committer_email_pattern':
      return commit.committerEmail;
    default:
      return undefined;
  }
}

function judgePattern(
  type: string,
  { operator, pattern, negate }: RuleLike['parameters'],
  text: string,
  tryExpression: TryExpression,
): CommitRefusal | null {
  const wanted = String(pattern ?? '');
  const paste =
    type === 'commit_message_pattern'
      ? "execute: { message: 'feat: {title}' } # a template that the rule accepts"
      : bypassLine;
  const matched = matches(String(operator), wanted, text, tryExpression);
  const words = `${negate === true ? 'must not' : 'must'} match (${operator}) ${wanted}`;
  if (matched === undefined) {
    const says = `A rule says that the ${nameOf(type)} ${words}, which cannot be tried here.`;
    return { certain: false, says, paste };
  }
  if (matched !== (negate === true)) return null;
  const says = `A rule says that the ${nameOf(type)} ${words}, and it would be: ${text.split('\n')[0]}`;
  return { certain: true, says, paste };
}

function nameOf(type: string): string {
  return type.replace('_pattern', '').replaceAll('_', ' ');
}

/** Undefined for an operator or a pattern that is not known here. */
function matches(
  operator: string,
  pattern: string,
  text: string,
  tryExpression: TryExpression,
): boolean | undefined {
  switch (operator) {
    case 'starts_with':
      return text.startsWith(pattern);
    case 'ends_with':
      return text.endsWith(pattern);
    case 'contains':
      return text.includes(pattern);
    case 'regex':
      // GitHub's rulesets take the syntax of RE2, and an expression of JavaScript would mean something else. Source:
      // https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/creating-rulesets-for-a-repository#using-regular-expressions-for-commit-metadata
      return tryExpression(pattern)?.test(text);
    default:
      return undefined;
  }
}
