import type { Loop } from './loop.ts';

/**
 * Keeps the state of the page, the branches and the artifacts; the returned function brings it back, so that many
 * tests can begin at one point that took several steps to reach.
 */
export function remember({ github, repo, pull }: Loop): () => void {
  const time = github.clock.iso;
  const labels = [...pull.issue.labels];
  const known = [...repo.labels];
  const events = [...repo.events];
  const comments = [...repo.comments.values()].map((comment) => ({
    comment,
    before: { ...comment, reactions: [...comment.reactions] },
  }));
  const uploads = repo.uploads.map((upload) => ({ upload, before: { ...upload } }));
  const pullState = { ...pull.state, head: { ...pull.state.head }, base: { ...pull.state.base } };
  const issueState = { state: pull.issue.state, closedAt: pull.issue.closedAt };
  const branches = [repo.defaultBranch, pull.head.ref].map((branch) => ({
    branch,
    sha: repo.tip(branch),
  }));
  const roles = new Map(repo.roles);
  return () => {
    for (const { branch, sha } of branches) repo.git.setRef(`refs/heads/${branch}`, sha);
    Object.assign(pull.state, pullState, {
      head: { ...pullState.head },
      base: { ...pullState.base },
    });
    Object.assign(pull.issue, issueState, { labels: [...labels] });
    repo.labels.splice(0, Number.POSITIVE_INFINITY, ...known);
    repo.events.splice(0, Number.POSITIVE_INFINITY, ...events);
    repo.comments.clear();
    for (const { comment, before } of comments) {
      Object.assign(comment, before, { reactions: [...before.reactions] });
      repo.comments.set(comment.id, comment);
    }
    repo.uploads.length = 0;
    for (const { upload, before } of uploads) repo.uploads.push(Object.assign(upload, before));
    repo.roles.clear();
    for (const [login, role] of roles) repo.roles.set(login, role);
    github.clock.set(time);
  };
}
