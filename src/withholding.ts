/** The one gate that whatever this action publishes goes through, so that no mode can forget to look for secrets. */

import type { World } from './checks/world.ts';
import type { FindSecret } from './core/text/secrets.ts';
import { Stopped } from './decision.ts';
import type { Commits } from './ports/commits.ts';

interface Outgoing
  extends Pick<World, 'artifacts' | 'comments' | 'keep' | 'progress' | 'summarise' | 'warn'> {
  readonly commits: Commits;
}

/**
 * Ports that withhold what holds a secret, as a whole: what is left of a text when its secret is cut out still says
 * where it was, and half of a redaction is forgotten one day.
 * @throws Stopped secret-detected, from each of them
 */
export function withholdingSecrets(
  ports: Outgoing,
  find: FindSecret,
): Outgoing & Pick<World, 'withhold'> {
  const { artifacts, comments, commits } = ports;
  const check: World['withhold'] = (what, content) => {
    const name = find(content);
    if (name !== undefined) throw secretIn(what, name);
  };
  const checkMembers: World['keep'] = async (name, members) => {
    for (const [member, content] of members) check(member, content);
    return name;
  };
  return {
    artifacts: {
      publish: async (name, members) => {
        await checkMembers(name, members);
        return artifacts.publish(name, members);
      },
      find: (...asked) => artifacts.find(...asked),
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
      minimise: (comment) => comments.minimise(comment),
      react: (id, content) => comments.react(id, content),
    },
    commits: {
      createBlob: async (content) => {
        check('a file of the commit', content);
        return commits.createBlob(content);
      },
      createTree: async (commit, entries) => {
        for (const { path } of entries) check('a path of the commit', path);
        return commits.createTree(commit, entries);
      },
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
      fastForward: (branch, commit) => commits.fastForward(branch, commit),
      moveForward: (branch, from, to) => commits.moveForward(branch, from, to),
      between: (from, to) => commits.between(from, to),
    },
    keep: async (name, members) => {
      await checkMembers(name, members);
      return ports.keep(name, members);
    },
    progress: (line) => {
      check('the log', line);
      ports.progress(line);
    },
    summarise: (markdown) => {
      check('the summary', markdown);
      ports.summarise(markdown);
    },
    warn: (line) => {
      check('the log', line);
      ports.warn(line);
    },
    withhold: check,
  };
}

/** Names what to rotate, and not what was seen of it. */
export function secretIn(what: string, secret: string): Stopped {
  return new Stopped('secret-detected', `A part of ${secret} would have stood in ${what}.`);
}
