import { hasRole } from '../../../core/policy/roles.ts';
import type { CheckLine } from '../../../report/check-table.ts';
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

const exists = {
  about: 'Label',
  why: 'An approval is the event by which a person sets this label.',
};
const renamed = {
  about: 'Who can rename the label',
  why: 'Whoever can write can rename any label: the approval of a renamed label ends, and another label that gets its name approves when it is set. The action follows labels by their ids.',
};

export const label: Probe = {
  ...exists,
  needs: 'permissions: { pull-requests: read }',
  async look(facts) {
    const { label: name, setUp } = facts;
    const there = await glance(() => setUp.labelExists(name));
    const first =
      'unseen' in there
        ? unseen({ ...exists, needs: this.needs }, there.unseen)
        : there.seen
          ? fine(exists, `${name} is there.`)
          : doubtful(
              exists,
              `There is no label ${name}; mode plan makes it if it has issues: write.`,
              `gh label create ${JSON.stringify(name)}`,
            );
    return [first, await findRenamers(facts)];
  },
};

/** People who may not approve, but can rename the label. */
async function findRenamers({
  authority,
  policy,
  run,
  setUp,
}: Parameters<Probe['look']>[0]): Promise<CheckLine> {
  const people = await glance(() => setUp.collaborators());
  if ('unseen' in people) {
    return unseen({ ...renamed, needs: toSeePeople }, people.unseen);
  }
  const named = await glance(() => authority.listNamedApprovers());
  if ('unseen' in named) {
    return unseen({ ...renamed, needs: teamToken }, named.unseen);
  }
  const rules = await policy.read();
  const approving = new Set(
    (named.seen ?? people.seen)
      .filter(({ role }) => hasRole(role, rules.approvers.permission))
      .map(({ id }) => id),
  );
  const others = people.seen
    .filter(({ id, role }) => hasRole(role, 'write') && !approving.has(id))
    .map(({ login }) => login);
  if (others.length === 0) {
    return fine(renamed, 'Only people who may approve anyway can rename it.');
  }
  const { owner, name } = run.repository;
  return doubtful(
    renamed,
    `${listed(others)} can rename it, and may not approve.`,
    `gh api -X PUT repos/${owner}/${name}/collaborators/${others[0]} -f permission=triage`,
  );
}
