import type { Policy } from '../../../core/policy/policy.ts';
import { hasRole } from '../../../core/policy/roles.ts';
import { assessApprovers, type Somebody } from '../../../core/set-up/approvers.ts';
import type { CheckLine } from '../../../report/check-table.ts';
import type { DoctorFacts } from '../facts.ts';
import {
  doubtful,
  fine,
  glance,
  listed,
  type Probe,
  teamToken,
  toSeePeople,
  wrong,
} from '../probe.ts';

const words = {
  about: 'Who can approve',
  why: 'A plan that nobody may approve costs a model run and leads nowhere. Whoever asks for it, and the author of the pull request, may not unless the policy says so.',
};

export const approvers: Probe = {
  ...words,
  needs: toSeePeople,
  async look(facts) {
    const policy = await facts.policy.read();
    const named = await glance(() => facts.authority.listNamedApprovers());
    if ('unseen' in named) {
      const { teams, users } = policy.approvers;
      const found = `The teams ${listed(teams)} cannot be read. ${named.unseen.message}`;
      // Then approve cannot read them, either.
      return [(users.length === 0 ? wrong : doubtful)(words, found, teamToken)];
    }
    const people = await glance(() => facts.setUp.collaborators());
    if ('unseen' in people && named.seen === undefined) throw people.unseen;
    const everybody: readonly Somebody[] = 'seen' in people ? people.seen : (named.seen ?? []);
    const may =
      named.seen ?? everybody.filter(({ role }) => hasRole(role, policy.approvers.permission));
    return [judge(may, everybody, policy, facts)];
  },
};

function judge(
  may: readonly Somebody[],
  everybody: readonly Somebody[],
  policy: Policy,
  { policy: { path } }: Pick<DoctorFacts, 'policy'>,
): CheckLine {
  const { count, users, teams } = policy.approvers;
  const names = listed(may.map(({ login }) => login)) || 'nobody';
  const outlook = assessApprovers(may, everybody, policy);
  const paste = `# ${path}\napprovers: { self: true, author: true }`;
  const whoMayInstead = () => {
    if (may.length > 0) return `{ count: ${may.length} }`;
    return users.length + teams.length > 0 ? '{ users: [LOGIN] }' : '{ permission: write }';
  };
  switch (outlook.is) {
    case 'always':
      return fine(words, `${names}; ${count} must approve.`);
    case 'sometimes':
      return doubtful(
        words,
        `If ${outlook.requester} asks for a plan on a pull request of ${outlook.author}, too few are left: ${names} may approve, and ${count} must.`,
        `# ${path}\napprovers: { author: true }`,
      );
    default:
      return may.length < count
        ? wrong(
            words,
            `${names} may approve, and ${count} must (approvers.count).`,
            `# ${path}\napprovers: ${whoMayInstead()}`,
          )
        : wrong(
            words,
            `${names} may approve, and nobody is left when one of them asks (approvers.self and approvers.author are ${policy.approvers.self} and ${policy.approvers.author}).`,
            paste,
          );
  }
}
