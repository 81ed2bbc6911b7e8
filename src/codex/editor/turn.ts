/**
 * What happens while Codex edits: its items are remembered, its requests answered by the gate, and everything that is
 * refused is kept for the reviewers.
 */

import type { z } from 'zod';
import type { Denial, RefusedRequest } from '../../core/plan/attempts.ts';
import { Stopped } from '../../decision.ts';
import { oneLine, type RunLog, STILL_RUNNING, seconds } from '../run-log.ts';
import type { Tokens } from '../usage.ts';
import type { Client } from './app-server.ts';
import type { Gate } from './gate.ts';
import type { Reviews } from './guardian.ts';
import { describePatch, nameChange, read, readItem, shown } from './messages.ts';
import { Conversation } from './own-thread.ts';
import * as protocol from './protocol.ts';

/** More attempts than these are not worth their cost: the model repeats itself. */
const MOST_REFUSALS = 1_000;

export interface EditingOptions {
  readonly gate: Gate;
  /** Whether each patch has to be ruled on before it is written. */
  readonly beforeWrite: boolean;
  readonly reviews: Reviews;
  readonly log: RunLog;
  readonly report: (line: string) => void;
}

/** How the turn ended. */
export interface TurnEnd {
  readonly status: string;
  readonly error: string | null;
}

export class Editing implements Client {
  readonly declined: Denial[] = [];
  readonly refusedRequests: RefusedRequest[] = [];
  readonly warnings: string[] = [];
  readonly turnEnded: Promise<TurnEnd>;
  ranCommands = false;
  readonly #options: EditingOptions;
  readonly #conversation = new Conversation();
  readonly #patches = new Map<string, readonly protocol.FileUpdate[]>();
  readonly #approved = new Set<string>();
  readonly #running = new Map<string, string>();
  tokens: Tokens | null = null;
  #endTurn: (end: TurnEnd) => void = () => {};

  constructor(options: EditingOptions) {
    this.#options = options;
    this.turnEnded = new Promise((resolve) => {
      this.#endTurn = resolve;
    });
  }

  /** Ends the run if a message belongs to another thread or turn. */
  demandOwn(params: unknown, method: string): void {
    this.#conversation.demandOwn(read(protocol.address, params ?? {}, method));
  }

  onNotification(method: string, params: unknown): void {
    this.demandOwn(params, method);
    switch (method) {
      case 'item/started':
        this.#itemStarted(readItem(params));
        break;
      case 'item/completed':
        this.#itemCompleted(readItem(params));
        break;
      case 'turn/completed':
        this.#turnCompleted(read(protocol.turnCompleted, params, method));
        break;
      case 'thread/tokenUsage/updated': {
        const { total } = read(protocol.tokenUsage, params, method).tokenUsage;
        const { inputTokens: input, cachedInputTokens: cached, outputTokens: output } = total;
        this.tokens = { input, cached, output };
        break;
      }
      case 'error': {
        const { error, willRetry } = read(protocol.errorEvent, params, method);
        this.#tell(`Codex: ${error.message}${willRetry ? ' (it tries again)' : ''}`);
        break;
      }
      case 'configWarning': {
        const { summary, details } = read(protocol.configWarning, params, method);
        this.warn(details ? `${summary} ${details}` : summary);
        break;
      }
      case 'guardianWarning':
        // Each review, in words; the assessments have it.
        this.#tell(read(protocol.plainWarning, params, method).message);
        break;
      case 'warning':
        this.warn(read(protocol.plainWarning, params, method).message);
        break;
      case 'item/autoApprovalReview/started':
        this.#options.reviews.started(read(protocol.review, params, method));
        break;
      case 'item/autoApprovalReview/completed':
        this.#options.reviews.completed(read(protocol.review, params, method));
    }
  }

  onRequest(method: string, params: unknown): object | null {
    this.demandOwn(params, method);
    switch (method) {
      case 'item/fileChange/requestApproval':
        return { decision: this.#rulePatch(read(protocol.fileChangeApproval, params, method)) };
      case 'item/commandExecution/requestApproval': {
        const { command, reason } = read(protocol.commandApproval, params, method);
        this.#refuse('command', command ?? reason ?? 'a command', 'It asked to leave the sandbox.');
        return { decision: 'decline' };
      }
      case 'item/permissions/requestApproval':
        this.#refuse('permissions', shown(params), 'No permission is given while a plan runs.');
        return { permissions: {} };
      case 'item/tool/requestUserInput':
        this.#refuse('input', shown(params), 'Nobody is there to answer.');
        return { answers: {} };
      case 'mcpServer/elicitation/request':
        this.#refuse('input', shown(params), 'Nobody is there to answer.');
        return { action: 'decline' };
      default:
        this.#refuse('tool', `${method} ${shown(params)}`, 'This request is not known here.');
        return null;
    }
  }

  warn(text: string): void {
    if (!this.warnings.includes(text)) this.warnings.push(text);
    this.#tell(`Warning: ${text}`);
  }

  /**
   * Judges a patch, and keeps what is refused of it. If nothing is refused, Codex may write it: its folders are made.
   * @returns what is refused; null if Codex did not say what the patch changes
   */
  ruleItem(itemId: string): readonly Denial[] | null {
    const refused = this.#judge(itemId);
    if (refused?.length === 0) this.#letThrough(itemId);
    return refused;
  }

  #judge(itemId: string): readonly Denial[] | null {
    const changes = this.#patches.get(itemId);
    if (changes === undefined) return null;
    const { refused } = this.#options.gate.rule(changes);
    for (const attempt of refused) this.#decline(attempt);
    return refused;
  }

  #letThrough(itemId: string): void {
    this.#approved.add(itemId);
    this.#options.gate.makeFolders(this.#patches.get(itemId) ?? []);
  }

  #rulePatch({ itemId, grantRoot }: z.infer<typeof protocol.fileChangeApproval>): string {
    const refused = this.#judge(itemId);
    if (refused === null) {
      this.#refuse('tool', `a patch ${itemId}`, 'Codex did not say what it changes.');
      return 'decline';
    }
    if (grantRoot) {
      this.#refuse('permissions', grantRoot, 'No folder is opened for writing.');
      return 'decline';
    }
    if (refused.length > 0) return 'decline';
    this.#letThrough(itemId);
    return 'accept';
  }

  #itemStarted(item: protocol.Item | null): void {
    if (item?.type === 'fileChange') this.#patches.set(item.id, item.changes);
    if (item?.type !== 'commandExecution') return;
    this.ranCommands = true;
    this.#running.set(item.id, item.command);
  }

  #itemCompleted(item: protocol.Item | null): void {
    switch (item?.type) {
      case 'agentMessage':
        this.#options.log.add(`message: ${item.text}`);
        break;
      case 'commandExecution': {
        this.#running.delete(item.id);
        const time = item.durationMs == null ? '' : `, ${seconds(item.durationMs)}`;
        const outcome = item.status === 'declined' ? 'declined' : `exit ${item.exitCode ?? '?'}`;
        this.#commandEnded(item.command, `${outcome}${time}`);
        break;
      }
      case 'fileChange':
        for (const change of item.changes) {
          this.#tell(describePatch(item.status, change));
        }
        this.#demandRuling(item);
    }
  }

  #commandEnded(command: string, outcome: string): void {
    this.#options.log.add(`command: ${command} (${outcome})`);
    this.#options.report(`$ ${oneLine(command)} → ${outcome}`);
  }

  /**
   * A patch that was written without having passed the gate means that the gate does not hold. What the gate would have
   * refused is kept: it ends the approval, as it would if Codex had asked.
   */
  #demandRuling({ id, status, changes }: protocol.FileChangeItem): void {
    if (!this.#options.beforeWrite || status !== 'completed' || this.#approved.has(id)) return;
    for (const attempt of this.#options.gate.rule(changes).refused) this.#decline(attempt);
    const names = oneLine(changes.map(nameChange).join(', '));
    throw new Stopped(
      'codex-failed',
      `Codex changed files that the gate did not let through: ${names}`,
    );
  }

  #turnCompleted({ turn }: z.infer<typeof protocol.turnCompleted>): void {
    for (const command of this.#running.values()) this.#commandEnded(command, STILL_RUNNING);
    if (this.tokens !== null) {
      const { input, cached, output } = this.tokens;
      this.#options.log.add(`tokens: ${input} in (${cached} cached), ${output} out`);
    }
    this.#endTurn({ status: turn.status, error: turn.error?.message ?? null });
  }

  #decline(attempt: Denial): void {
    const known = this.declined.some(
      ({ path, operation }) => path === attempt.path && operation === attempt.operation,
    );
    if (!known && this.declined.length < MOST_REFUSALS) this.declined.push(attempt);
    this.#tell(`Refused: ${attempt.operation} ${attempt.path}. ${attempt.detail}`);
  }

  #refuse(kind: RefusedRequest['kind'], request: string, why: string): void {
    if (this.refusedRequests.length < MOST_REFUSALS) {
      this.refusedRequests.push({ kind, request, why });
    }
    this.#tell(`Refused ${kind}: ${request}. ${why}`);
  }

  #tell(text: string): void {
    this.#options.log.add(text);
    this.#options.report(oneLine(text));
  }
}
