/** Reads the messages of Codex while it edits, and describes them for people. */

import type { z } from 'zod';
import { Stopped } from '../../decision.ts';
import { inBox } from '../box/box.ts';
import * as protocol from './protocol.ts';

const PATCH_OUTCOMES: Readonly<Record<string, string>> = {
  completed: 'Changed',
  declined: 'Not changed (declined)',
  failed: 'Not changed (the patch does not apply)',
};

/** How a patch ended, and what it was about. */
export function describePatch(status: string, change: protocol.FileUpdate): string {
  return `${PATCH_OUTCOMES[status] ?? status}: ${nameChange(change)}`;
}

export function nameChange({ path, kind }: protocol.FileUpdate): string {
  const moved = kind.type === 'update' && kind.move_path ? ` → ${shorten(kind.move_path)}` : '';
  return `${kind.type} ${shorten(path)}${moved}`;
}

function shorten(path: string): string {
  return path.startsWith(`${inBox.workspace}/`) ? path.slice(inBox.workspace.length + 1) : path;
}

/** Parameters for a line of the log. */
export function shown(params: unknown): string {
  return JSON.stringify(params ?? null).slice(0, 500);
}

/** @throws Stopped codex-failed if they have another form */
export function read<T extends z.ZodType>(schema: T, params: unknown, method: string): z.infer<T> {
  const parsed = schema.safeParse(params);
  if (parsed.success) return parsed.data;
  throw new Stopped('codex-failed', `Codex sent ${method} in a form that is not known.`);
}

/** Null for kinds with nothing to keep. */
export function readItem(params: unknown): protocol.Item | null {
  const { item } = read(protocol.itemEvent, params, 'an item');
  if (!protocol.knownItems.has(item.type)) return null;
  return read(protocol.item, item, `an item ${item.type}`);
}
