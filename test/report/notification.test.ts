/** The chat message, sent by Slack's own client to a server that refuses what Slack refuses. */
import { IncomingWebhook, type IncomingWebhookSendArguments } from '@slack/webhook';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Announcement,
  buildNotification,
  type Notification,
} from '../../src/report/notification.ts';
import { anyCharacter } from '../support/any-character.ts';
import { hostileTexts } from '../support/hostile.ts';
import { findInvalid, knownBlocks, type Slack, startSlack } from '../support/slack/slack.ts';

let slack: Slack;
beforeAll(async () => {
  slack = await startSlack();
});
afterAll(() => slack.close());

const url = 'https://github.com/octo/shop';
const planned: Announcement = {
  kind: 'approval-wanted',
  mode: 'plan',
  decision: 'planned',
  reason: 'ok',
  said: [],
  detail: 'The plan awaits approval.',
  place: { repositoryUrl: url, repository: 'octo/shop', runId: 7 },
  pullRequest: 12,
  title: 'Add a tax',
  commentUrl: `${url}/pull/12#issuecomment-5`,
  commit: null,
  deniedFiles: [],
  asked: null,
  several: [],
};
const send = async (announcement: Announcement): Promise<Notification> => {
  const message = buildNotification(announcement);
  // By Slack's own types; the file is JSON.
  const typed = JSON.parse(JSON.stringify(message)) as IncomingWebhookSendArguments;
  await new IncomingWebhook(slack.url).send(typed);
  expect(slack.taken.at(-1)).toEqual(message);
  return message;
};
/** Every text with the way in which Slack reads it. */
const textsOf = ({ blocks }: Notification) =>
  blocks.flatMap((block) => (block.type === 'context' ? block.elements : [block.text]));
const markupOf = (message: Notification) =>
  textsOf(message)
    .filter(({ type }) => type === 'mrkdwn')
    .map(({ text }) => text);

describe('a notification', () => {
  it('is what Slack takes, with links of ours', async () => {
    const message = await send(planned);
    expect(message.text).toBe('A Codex plan awaits approval: pull request 12');
    expect(markupOf(message)).toEqual([
      `<${url}/pull/12|Pull request 12> · <${url}/pull/12#issuecomment-5|comment> · <${url}/actions/runs/7|run>`,
    ]);
    for (const text of textsOf(message)) {
      expect(text).toMatchObject(
        text.type === 'mrkdwn' ? { verbatim: true } : { type: 'plain_text', emoji: false },
      );
    }
  });

  it('mentions who is asked by the id of the policy, and names the label', async () => {
    const people = [
      { login: 'ada', slack: 'U012AB3CD' },
      { login: 'bob', slack: null },
      { login: 'eve', slack: '!channel' },
    ];
    const message = await send({ ...planned, asked: { label: 'approved-plan', people } });
    expect(markupOf(message)).toContain('<@U012AB3CD>');
    const words = JSON.stringify(message);
    expect(words).toContain(
      'Asked: ada, bob, eve. A review does not approve the plan: set the label',
    );
    expect(words).not.toContain('!channel>');
  });

  it('lists refused files, and how many more there are', async () => {
    const deniedFiles = Array.from({ length: 25 }, (_, n) => `src/${n}${'x'.repeat(300)}.ts`);
    const message = await send({ ...planned, kind: 'denied', decision: 'denied', deniedFiles });
    expect(JSON.stringify(message)).toContain('and 15 more');
  });

  it('of a run over several names each that somebody should look at', async () => {
    const several = Array.from({ length: 30 }, (_, n) => ({
      pullRequest: n + 1,
      kind: 'drifted' as const,
    }));
    const message = await send({ ...planned, pullRequest: null, title: null, several });
    expect(message.text).toBe('Codex plan: 30 pull requests need a look');
    expect(markupOf(message).at(-1)).toContain(`<${url}/pull/3|Pull request 3>: drifted`);
    expect(markupOf(message).at(-1)).toContain('and 10 more');
  });

  it('stays within the sizes if owner, repository and server have the longest names', async () => {
    const repositoryUrl = `https://${'g'.repeat(200)}.ghe.com/${'o'.repeat(39)}/${'r'.repeat(100)}`;
    const place = {
      repositoryUrl,
      repository: `${'o'.repeat(39)}/${'r'.repeat(100)}`,
      runId: 7e10,
    };
    const several = Array.from({ length: 100 }, (_, n) => ({
      pullRequest: 1e9 + n,
      kind: 'approval-wanted' as const,
    }));
    const message = await send({ ...planned, place, several, commit: 'a'.repeat(64) });
    const [, listed = ''] = markupOf(message);
    expect(listed).toMatch(/: approval-wanted\nand \d+ more$/);
    const shown = listed.split('\n').length - 1;
    expect(listed).toContain(`and ${100 - shown} more`);
  });

  it.each([
    'javascript:alert(1)',
    `${url}/pull/1|x> <!channel>`,
    'https://example.com/octo/shop/pull/12',
    `${url}.evil.example/`,
  ])('links to nothing else: %s', async (commentUrl) => {
    const message = await send({ ...planned, commentUrl });
    expect(markupOf(message).join()).not.toContain('comment>');
    expect(markupOf(message).join()).not.toContain('!channel');
  });

  it('has something to say if almost nothing is known', async () => {
    await send({
      ...planned,
      kind: 'failed',
      mode: '',
      decision: 'failed',
      reason: 'internal',
      detail: '',
      place: null,
      pullRequest: null,
      title: '',
      commentUrl: null,
    });
  });

  const attacks = [
    ...hostileTexts,
    '<!channel> <!here> <@U012AB3CD> <https://evil.example|click>',
    '*bold* _it_ ~no~ `code` ```x``` > quote :tada:',
    '&lt;!channel&gt;',
    '\u202e\u200b\u2066',
    '\ud800',
    '💣'.repeat(4000),
    '\n'.repeat(5000),
    ' ',
  ];

  it.each(attacks)('keeps foreign text plain and within the sizes: %j', async (text) => {
    const message = await send({
      ...planned,
      kind: 'denied',
      title: text,
      detail: text,
      deniedFiles: [text, text],
      asked: { label: text, people: [{ login: text, slack: null }] },
    });
    const clean = await send(planned);
    expect(message.text).toBe('Codex plan: plan was denied: pull request 12');
    expect(markupOf(message)).toEqual(markupOf(clean));
    expect(JSON.stringify(message)).not.toMatch(/[\u200b\u202a-\u202e\u2066-\u2069]/);
  });

  it('is taken whatever people write', () => {
    const text = fc.string({ unit: anyCharacter, maxLength: 6000 });
    fc.assert(
      fc.property(text, text, fc.array(text, { maxLength: 30 }), (title, detail, deniedFiles) => {
        const message = buildNotification({ ...planned, title, detail, deniedFiles });
        expect(findInvalid(JSON.parse(JSON.stringify(message)))).toBeUndefined();
      }),
    );
  });
});

describe('the server that stands for Slack', () => {
  const good = buildNotification(planned);
  const [header] = good.blocks;
  const plain = (text: string) => ({ type: 'plain_text', text, emoji: false });

  it('knows the blocks of the types', () => {
    expect(knownBlocks.size).toBeGreaterThan(10);
    expect(findInvalid(good)).toBeUndefined();
  });

  it.each([
    ['no text', { ...good, text: '' }],
    ['an unknown key', { ...good, chanel: 'x' }],
    ['too many blocks', { ...good, blocks: Array.from({ length: 51 }, () => header) }],
    ['an unknown block', { ...good, blocks: [{ type: 'sektion', text: plain('x') }] }],
    [
      'markup in a header',
      { ...good, blocks: [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }] },
    ],
    ['a long header', { ...good, blocks: [{ type: 'header', text: plain('x'.repeat(151)) }] }],
    ['a long section', { ...good, blocks: [{ type: 'section', text: plain('x'.repeat(3001)) }] }],
    ['an empty section', { ...good, blocks: [{ type: 'section', text: plain('') }] }],
    [
      'verbatim in plain text',
      { ...good, blocks: [{ type: 'section', text: { ...plain('x'), verbatim: true } }] },
    ],
    [
      'many elements',
      {
        ...good,
        blocks: [{ type: 'context', elements: Array.from({ length: 11 }, () => plain('x')) }],
      },
    ],
  ])('refuses %s', async (_, message) => {
    expect(findInvalid(message)).toBeDefined();
    const webhook = new IncomingWebhook(slack.url, { retryConfig: { retries: 0 } });
    await expect(webhook.send(message as IncomingWebhookSendArguments)).rejects.toThrow();
  });
});
