/** The one gate that whatever this action publishes goes through, so that no mode can forget to look for secrets. */
import { Fault } from '../decision.ts';
import type { FindSecret } from '../plan/secrets.ts';
import type { World } from './world.ts';

type Outgoing = Pick<World, 'artifacts' | 'comments' | 'keep' | 'progress' | 'summarise' | 'warn'>;

/**
 * Ports that withhold what holds a secret, as a whole: what is left of a text when its secret is cut out still says
 * where it was, and half of a redaction is forgotten one day.
 * @throws Fault secret-detected, from each of them
 */
export function withholdingSecrets(ports: Outgoing, find: FindSecret): Outgoing {
  const { artifacts, comments } = ports;
  const check = (what: string, content: string | Uint8Array) => {
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
      find: (name) => artifacts.find(name),
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
  };
}

/** Names what to rotate, and not what was seen of it. */
export function secretIn(what: string, secret: string): Fault {
  return new Fault('secret-detected', `A part of ${secret} would have stood in ${what}.`);
}
