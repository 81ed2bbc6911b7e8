/** What GitHub's answers that are no success mean: which reason code, and what people are told. */
import { describe, expect, it } from 'vitest';
import { describeFailure, describeGraphQl } from '../../src/github/failures.ts';
import { asStopped, isRateLimit, isTransient } from '../../src/github/refusals.ts';

const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
type Headers = Record<string, string>;

const rest = (status: number, message: string, headers: Headers = {}, body: object = {}) =>
  describeFailure({ status, response: { status, headers, data: { message, ...body } } });
const graphql = (type: string | undefined, message: string, headers: Headers = {}) =>
  describeFailure(describeGraphQl({ data: { data: null, errors: [{ type, message }] }, headers }));

const allowList =
  'Although you appear to have the correct authorization credentials, the `octo` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.';
const saml =
  'Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.';
const ruleset = 'Repository rule violations found\n\nCommit message must match ^fix: .+\n\n';
const throughPull = 'Changes must be made through a pull request.';
const tooQuickly = rest(
  422,
  'Validation Failed',
  {},
  { errors: [{ resource: 'IssueComment', message: 'was submitted too quickly' }] },
);
const secondary =
  'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
const primary = 'API rate limit exceeded for installation ID 1.';
const noPermission = 'Resource not accessible by integration';

describe('a refusal', () => {
  it.each([
    ['a token without the permission', rest(403, noPermission), 'permission-missing'],
    [
      'a personal token without the permission',
      rest(403, 'Resource not accessible by personal access token'),
      'permission-missing',
    ],
    [
      'the last request of the hour, without the permission',
      rest(403, noPermission, { 'x-ratelimit-remaining': '0' }),
      'permission-missing',
    ],
    ['GraphQL without the permission', graphql('FORBIDDEN', noPermission), 'permission-missing'],
    [
      'GraphQL without the scope',
      graphql('INSUFFICIENT_SCOPES', 'Your token has not been granted the required scopes.'),
      'permission-missing',
    ],
    ['a token that is none', rest(401, 'Bad credentials'), 'config-invalid'],
    ['a ruleset', rest(422, ruleset), 'github-refused'],
    ['a ruleset, in GraphQL', graphql('UNPROCESSABLE', ruleset), 'github-refused'],
    [
      'a protected branch, in GraphQL',
      graphql('BRANCH_PROTECTION_RULE_VIOLATION', throughPull),
      'github-refused',
    ],
    ['a protected branch, in REST', rest(409, throughPull), 'github-refused'],
    ['a ruleset without a type, in GraphQL', graphql(undefined, ruleset), 'github-refused'],
    [
      'a ruleset of an unknown type, in GraphQL',
      graphql('REPOSITORY_RULE_VIOLATION', 'Sorry.'),
      'github-refused',
    ],
    ['a ruleset, as a method that is not allowed', rest(405, ruleset), 'github-refused'],
    ['a branch that moved, in GraphQL', graphql('STALE_DATA', 'Expected branch'), 'github-refused'],
    [
      'a locked conversation',
      rest(403, 'Unable to create comment because issue is locked.'),
      'github-refused',
    ],
    [
      'an archived repository',
      rest(403, 'Repository was archived so is read-only.'),
      'github-refused',
    ],
    ['an IP allow list', rest(403, allowList), 'github-refused'],
    ['an IP allow list, in GraphQL', graphql('FORBIDDEN', allowList), 'github-refused'],
    ['SAML', rest(403, saml, { 'x-github-sso': 'required; url=x' }), 'github-refused'],
    ['SAML, in GraphQL', graphql('FORBIDDEN', saml), 'github-refused'],
    ['a role that is too low', rest(403, 'Must have push access.'), 'github-refused'],
    ['a block', rest(451, 'Repository access blocked'), 'github-refused'],
    ['a 403 without words', rest(403, ''), 'github-refused'],
    ['nothing there', rest(404, 'Not Found'), 'api-unavailable'],
    ['nothing there, in GraphQL', graphql('NOT_FOUND', 'Could not resolve'), 'api-unavailable'],
    ['a secondary limit', rest(403, secondary), 'api-unavailable'],
    ['a secondary limit with a time', rest(429, secondary), 'api-unavailable'],
    ['a primary limit', rest(403, primary, { 'x-ratelimit-remaining': '0' }), 'api-unavailable'],
    ['a limit, in GraphQL', graphql('RATE_LIMITED', primary), 'api-unavailable'],
    ['trouble', rest(502, 'Server Error'), 'api-unavailable'],
    ['trouble, in GraphQL', graphql(undefined, 'Something went wrong'), 'api-unavailable'],
    ['trouble of an unknown type', graphql('TIMEOUT', 'Something'), 'api-unavailable'],
    ['trouble that speaks of rules', rest(502, ruleset), 'api-unavailable'],
    ['no answer', describeFailure(new Error('socket hang up')), 'api-unavailable'],
    ['content that comes too quickly', tooQuickly, 'api-unavailable'],
  ])('by %s', (_, failure, reason) => {
    expect(asStopped({ route }, failure).reason).toBe(reason);
  });

  it('shows GitHub’s words on one line, and not more of them than anybody reads', () => {
    const { message } = asStopped({ route }, rest(422, ruleset));
    expect(message).toBe(
      `GitHub refused ${route}: "Repository rule violations found Commit message must match ^fix: .+".`,
    );
    const long = asStopped({ route }, rest(403, '💥'.repeat(2000))).message;
    expect(long).toBe(`GitHub refused ${route}: "${'💥'.repeat(499)}…".`);
  });

  it('shows what is beside a message that says nothing', () => {
    const errors = [{ resource: 'Status', message: 'description is too long' }, 'and more', {}];
    const { message } = asStopped({ route }, rest(422, 'Validation Failed', {}, { errors }));
    expect(message).toContain('"Validation Failed description is too long and more"');
  });

  it('names the permission as GitHub does, or else as the route tells it', () => {
    const told = { 'x-accepted-github-permissions': 'issues=write; pull_requests=write' };
    expect(asStopped({ route }, rest(403, noPermission, told)).message).toContain(
      'Give the job permissions: issues: write or pull-requests: write. GitHub says',
    );
    const needs = (asked: { route: string; needs?: string }) =>
      asStopped(asked, rest(403, noPermission)).message;
    expect(needs({ route })).toContain('permissions: pull-requests: write.');
    expect(needs({ route: 'GET /repos/{owner}/{repo}/actions/runs' })).toContain('actions: read.');
    expect(needs({ route: 'POST /x/statuses/{sha}' })).toContain('statuses: write.');
    expect(needs({ route: 'x (GraphQL)', needs: 'contents: write' })).toContain('contents: write.');
  });

  it('names the time at which a limit ends', () => {
    const { message } = asStopped({ route }, rest(403, primary), new Date('2026-03-02T10:00:01Z'));
    expect(message).toBe(
      `GitHub takes no more requests for now: "${primary}". Run the job again after 2026-03-02T10:00:01Z.`,
    );
  });
});

describe('a rate limit', () => {
  it.each([
    ['429', rest(429, ''), true],
    ['a 403 with a time', rest(403, 'Wait.', { 'retry-after': '60' }), true],
    ['a 403 without a time that says so', rest(403, secondary), true],
    ['the older sentence', rest(403, 'You have triggered an abuse detection mechanism.'), true],
    ['a used up hour', rest(403, '', { 'x-ratelimit-remaining': '0' }), true],
    ['GraphQL’s type', graphql('RATE_LIMIT', ''), true],
    ['GraphQL’s words', graphql(undefined, secondary), true],
    ['content that comes too quickly', tooQuickly, true],
    [
      'content that comes too quickly, in GraphQL',
      graphql('UNPROCESSABLE', 'was submitted too quickly'),
      true,
    ],
    ['a rule that speaks of it', rest(422, `${ruleset} was submitted too quickly`), false],
    ['a missing permission', rest(403, noPermission, { 'x-ratelimit-remaining': '0' }), false],
    ['another refusal', rest(403, 'Repository was archived so is read-only.'), false],
    ['a name that says so', graphql('NOT_FOUND', `No label '${secondary}'`), false],
    ['a rule that says so', rest(422, `Commit message must match ${secondary}`), false],
    ['trouble', rest(502, secondary), false],
  ])('is seen: %s', (_, failure, expected) => {
    expect(isRateLimit(failure)).toBe(expected);
  });
});

describe('passing trouble', () => {
  it.each([
    ['no answer', describeFailure(new Error('x')), true],
    ['502', rest(502, ''), true],
    ['GraphQL without a type', graphql(undefined, 'Something went wrong'), true],
    ['no GraphQL', describeFailure(describeGraphQl({ data: '<html>', headers: {} })), true],
    ['GraphQL with a type that decides', graphql('FORBIDDEN', 'x'), false],
    ['a ruleset without a type', graphql(undefined, ruleset), false],
    ['GraphQL that took too long', graphql('RESOURCE_LIMITS_EXCEEDED', 'x'), true],
    ['a limit', rest(429, ''), false],
    ['404', rest(404, ''), false],
  ])('is seen: %s', (_, failure, expected) => {
    expect(isTransient(failure)).toBe(expected);
  });
});

describe('an answer of GraphQL', () => {
  const errors = [
    { message: 'no label', path: ['labels', 3] },
    { type: 'FORBIDDEN', message: noPermission, path: ['pullRequest'] },
  ];

  it('is what it is without errors, or with those alone that may be', () => {
    expect(describeGraphQl({ data: { data: {} }, headers: {} })).toBeUndefined();
    const data = { data: {}, errors: errors.slice(0, 1) };
    const inLabels = ({ path }: { path?: unknown[] | null | undefined }) => path?.[0] === 'labels';
    expect(describeGraphQl({ data, headers: {} }, inLabels)).toBeUndefined();
    expect(describeGraphQl({ data, headers: {} })).toBeDefined();
    expect(describeGraphQl({ data: { data: {}, errors }, headers: {} }, inLabels)).toBeDefined();
  });

  it('is none if it has neither data nor errors', () => {
    for (const data of [{}, [], '', null, { message: 'x' }, { errors: 'x' }]) {
      expect(describeGraphQl({ data, headers: {} })?.failure.words).toBe(
        'The answer is no GraphQL.',
      );
    }
  });

  it('fails by the error that says more', () => {
    const { failure } = describeGraphQl({ data: { errors }, headers: {} }) ?? {};
    expect(failure).toMatchObject({ type: 'FORBIDDEN', words: `no label ${noPermission}` });
  });
});
