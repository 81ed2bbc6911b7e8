/**
 * What a refusal of GitHub means: whether the token lacks a permission, whether GitHub wants fewer requests, whether
 * it refuses for another reason, or whether it is in trouble. The words decide, since GitHub answers 403 for all of
 * these.
 */

import { Stopped } from '../decision.ts';

/** An answer of REST or GraphQL that is not a success, or no answer at all. */
export interface Failure {
  /** Absent if there was no answer. */
  readonly status?: number;
  /** GitHub's own words. */
  readonly words: string;
  readonly headers: Readonly<Record<string, unknown>>;
  /** GraphQL's type of the error. */
  readonly type?: string;
  /** Whether GitHub never got the request. */
  readonly unsent?: boolean;
  readonly cause: unknown;
}

/** The facts of a request that a sentence about it needs. */
export interface Asked {
  readonly route: string;
  /** The line for a workflow's `permissions`, if GitHub does not name it itself. */
  readonly needs?: string;
}

/** GitHub says that this does not exist, or that the token may not see it. */
export class NotFound extends Stopped {
  constructor(route: string, options?: ErrorOptions) {
    super('api-unavailable', `GitHub has nothing at ${route}.`, options);
  }
}

/** GitHub understood the request and refuses it: a body that is too long, a rule of the branch. */
export class Unprocessable extends Stopped {
  constructor(route: string, words: string, options?: ErrorOptions) {
    super('github-refused', `GitHub refused ${route}${quote(words)}.`, options);
  }
}

/** It is not known whether GitHub did what it was asked. */
export class Unanswered extends Stopped {
  constructor(route: string, words: string, options?: ErrorOptions) {
    super('api-unavailable', `${route} failed${quote(words)}.`, options);
  }
}

const notAccessible = /^Resource not accessible by (?:integration|personal access token)/i;
const limited = /secondary rate limit|abuse detection|rate limit exceeded/i;
/**
 * A limit on new content, of which GitHub speaks as of invalid content, with nothing else beside these words:
 * https://github.com/cli/cli/issues/4801
 */
const tooQuickly = /^(?:Validation Failed )?was submitted too quickly\.?$/i;
/** GraphQL says so in an answer of status 200. */
const limitTypes = new Set(['RATE_LIMIT', 'RATE_LIMITED']);
const permissionTypes = new Set(['INSUFFICIENT_SCOPES']);
/**
 * A protected branch refuses with `BRANCH_PROTECTION_RULE_VIOLATION`. For rulesets GitHub names no type, and public
 * reports say only that it is another one: https://github.com/Thinkmill/keystatic/issues/1559
 */
const refusalType = /^(?:FORBIDDEN|UNPROCESSABLE|STALE_DATA|[A-Z_]+_VIOLATION)$/;
/** The headlines of rulesets and protected branches, whatever the status and the type: REST has 405, 409 and 422. */
const ruleWords =
  /^(?:GH\d+: )?(?:Repository rule violations found|Protected branch update failed)|^Changes must be made through a pull request/i;

/** https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit */
export function isRateLimit({ status, words, headers, type }: Failure): boolean {
  if (status === 429 || limitTypes.has(type ?? '')) return true;
  if ((status ?? 500) < 500 && tooQuickly.test(words.trim())) return true;
  // If a GraphQL error has a type, its words can be about anything.
  if (status === 200 && type === undefined) return limited.test(words);
  if (status !== 403 || notAccessible.test(words)) return false;
  if (limited.test(words)) return true;
  return headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0';
}

/** Whether the same request may succeed a moment later. */
export function isTransient(failure: Failure): boolean {
  const { status, type, words } = failure;
  if (isRateLimit(failure)) return false;
  if (status === undefined || status >= 500) return true;
  return status === 200 && !isDecided(type ?? '') && !ruleWords.test(words);
}

/** Whether GraphQL's type says what is wrong. All others are trouble on GitHub's side, such as too little time. */
function isDecided(type: string): boolean {
  return type === 'NOT_FOUND' || permissionTypes.has(type) || refusalType.test(type);
}

/** @param again the time after which GitHub accepts requests again */
export function asStopped(asked: Asked, failure: Failure, again?: Date): Stopped {
  const { route } = asked;
  const { status, type, words, cause } = failure;
  if (isRateLimit(failure)) {
    const when = again ? ` Run the job again after ${again.toISOString().slice(0, 19)}Z.` : '';
    const detail = `GitHub takes no more requests for now${quote(words)}.${when}`;
    return new Stopped('api-unavailable', detail, { cause });
  }
  if (status === 404 || status === 410 || type === 'NOT_FOUND') {
    return new NotFound(route, { cause });
  }
  if (status === 401) {
    const detail = `GitHub does not accept the token for "${route}"${quote(words)}. Check the input github-token.`;
    return new Stopped('config-invalid', detail, { cause });
  }
  if (permissionTypes.has(type ?? '') || isForbidden(failure, notAccessible)) {
    return new Stopped('permission-missing', permissionSentence(asked, failure), { cause });
  }
  if (status === 422) return new Unprocessable(route, words, { cause });
  const isRule = (status ?? 500) < 500 && ruleWords.test(words);
  if (status === 403 || status === 451 || refusalType.test(type ?? '') || isRule) {
    return new Stopped('github-refused', `GitHub refused ${route}${quote(words)}.`, { cause });
  }
  if (isTransient(failure)) return new Unanswered(route, words, { cause });
  return new Stopped('api-unavailable', `${route} failed${quote(words)}.`, { cause });
}

function isForbidden({ status, type, words }: Failure, wanted: RegExp): boolean {
  return (status === 403 || type === 'FORBIDDEN') && wanted.test(words);
}

const mostWords = 500;

/** GitHub's words on one line, as a quotation; they are foreign text wherever they are shown. */
function quote(words: string): string {
  const line = words.replace(/\s+/g, ' ').trim();
  if (line === '') return '';
  const characters = [...line];
  const cut = characters.length > mostWords;
  return `: "${cut ? `${characters.slice(0, mostWords - 1).join('')}…` : line}"`;
}

function permissionSentence({ route, needs }: Asked, { headers, words }: Failure): string {
  const accepted = headers['x-accepted-github-permissions'];
  const lines =
    typeof accepted === 'string' && accepted !== ''
      ? asWorkflowLines(accepted)
      : (needs ?? permissionFor(route));
  return `The token lacks a permission for "${route}". Give the job permissions: ${lines}. GitHub says${quote(words)}.`;
}

/** `issues=write; pull_requests=write`, as a workflow file writes it; either one is enough. */
function asWorkflowLines(accepted: string): string {
  return accepted
    .replaceAll('_', '-')
    .replaceAll('=', ': ')
    .replace(/\s*;\s*/g, ' or ');
}

/** The lines that a workflow file lacks, if GitHub does not name them itself. */
function permissionFor(route: string): string {
  const level = route.startsWith('GET ') ? 'read' : 'write';
  if (/\/actions\//.test(route)) return `actions: ${level}`;
  if (/\/statuses\b/.test(route)) return `statuses: ${level}`;
  if (/\/(?:issues|labels|pulls)\b|GraphQL/.test(route)) return `pull-requests: ${level}`;
  return `contents: ${level}`;
}
