import { WEB } from '../render/web.ts';
import type { Repository } from '../repository.ts';
import type { Label } from '../state.ts';
import type { Node } from './context.ts';

/** A label of a repository. */
export function labelNode(repository: Repository, label: Label): Node {
  const path = `/${repository.fullName}/labels/${encodeURIComponent(label.name)}`;
  return {
    __typename: 'Label',
    id: label.nodeId,
    name: label.name,
    color: label.color,
    description: label.description,
    isDefault: false,
    resourcePath: path,
    url: `${WEB}${path}`,
  };
}
