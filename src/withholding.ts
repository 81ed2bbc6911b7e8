/** The one gate that whatever this action publishes goes through, so that no mode can forget to look for secrets. */

import type { Members } from './core/records/members.ts';
import type { FindSecret } from './core/text/secrets.ts';
import { Stopped } from './decision.ts';
import type { ArtifactStore } from './ports/artifacts.ts';
import type { Comments } from './ports/comments.ts';
import type { Commits } from './ports/commits.ts';
import type { KeepForLaterSteps, Log, RefuseSecrets } from './ports/runner.ts';

/** Every port that publishes something. */
export interface Outgoing {
  readonly artifacts: ArtifactStore;
  readonly comments: Comments;
  readonly commits: Commits;
  readonly log: Log;
  readonly keepForLaterSteps: KeepForLaterSteps;
}

/**
 * Ports that refuse what holds a secret, as a whole: a redaction shows where the secret was, and one forgotten case
 * leaks it.
 * @throws Stopped secret-detected, from each of them
 */
export function refusingSecrets(
  ports: Outgoing,
  find: FindSecret,
): Outgoing & { readonly refuseSecrets: RefuseSecrets } {
  const { artifacts, comments, commits, log } = ports;
  const check: RefuseSecrets = (what, content) => {
    const name = find(content);
    if (name !== undefined) throw stoppedBySecret(what, name);
  };
  const checkMembers = (members: Members) => {
    for (const [member, content] of members) check(member, content);
  };
  return {
    artifacts: {
      publish: async (name, members) => {
        checkMembers(members);
        return artifacts.publish(name, members);
      },
      find: (...asked) => artifacts.find(...asked),
      findOfRun: (runId) => artifacts.findOfRun(runId),
      read: (artifact) => artifacts.read(artifact),
    },
    comments: {
      read: (id) => comments.read(id),
      list: (pullRequest) => comments.list(pullRequest),
      create: async (pullRequest, body) => {
        check('a comment', body);
        return comments.create(pullRequest, body);
      },
      update: async (id, body) => {
        check('a comment', body);
        return comments.update(id, body);
      },
      minimise: async (comment, body) => {
        if (body !== undefined) check('a comment', body);
        return comments.minimise(comment, body);
      },
      react: (id, content) => comments.react(id, content),
    },
    commits: {
      writeTree: async (base, entries) => {
        for (const { path, content } of entries) {
          check('a path of the commit', path);
          if (content !== null) check('a file of the commit', content);
        }
        return commits.writeTree(base, entries);
      },
      createCommit: async (message, tree, parent) => {
        check('the message of the commit', message);
        return commits.createCommit(message, tree, parent);
      },
      moveForward: (branch, from, to, lookAgain) =>
        commits.moveForward(branch, from, to, lookAgain),
    },
    log: {
      step: (title) => {
        check('the log', title);
        log.step(title);
      },
      progress: (line) => {
        check('the log', line);
        log.progress(line);
      },
      warn: (line) => {
        check('the log', line);
        log.warn(line);
      },
      summarise: (markdown) => {
        check('the summary', markdown);
        log.summarise(markdown);
      },
    },
    keepForLaterSteps: async (name, members) => {
      checkMembers(members);
      return ports.keepForLaterSteps(name, members);
    },
    refuseSecrets: check,
  };
}

/** Names what to rotate, and not what was seen of it. */
export function stoppedBySecret(what: string, secret: string): Stopped {
  return new Stopped('secret-detected', `A part of ${secret} would have stood in ${what}.`);
}
