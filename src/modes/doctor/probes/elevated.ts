import { hasRole } from '../../../core/policy/roles.ts';
import {
  doubtful,
  fine,
  glance,
  listed,
  type Probe,
  teamToken,
  toSeePeople,
  unseen,
} from '../probe.ts';

const words = {
  about: 'Who can approve elevated files',
  why: 'A plan that names a file of paths.elevated needs an approver with a higher role.',
};

export const elevated: Probe = {
  ...words,
  needs: toSeePeople,
  async look({ policy: source, authority, setUp }) {
    const policy = await source.read();
    const { permission } = policy.paths.elevated;
    const named = await glance(() => authority.listNamedApprovers());
    if ('unseen' in named) return [unseen({ ...words, needs: teamToken }, named.unseen)];
    const people = named.seen ?? (await setUp.collaborators());
    const may = people.filter(
      ({ role }) => hasRole(role, permission) && hasRole(role, policy.approvers.permission),
    );
    if (may.length > 0) return [fine(words, `${listed(may.map(({ login }) => login))}.`)];
    return [
      doubtful(
        words,
        `Nobody who may approve has the role ${permission} (paths.elevated.permission).`,
        `# ${source.path}\npaths: { elevated: { permission: ${policy.approvers.permission} } }`,
      ),
    ];
  },
};
