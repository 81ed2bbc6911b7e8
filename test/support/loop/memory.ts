/**
 * Brings a loop back to an earlier state, so that many tests can begin at a point that took several steps to reach.
 * The whole state of the embedded GitHub and the scripted model is remembered, so everything that a test changes there is undone.
 */
import { EventEmitter } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Clock } from '../github/clock.ts';
import { GitStore } from '../github/git.ts';
import type { Loop } from './loop.ts';

type Undo = () => void;

/** Keeps the state of now; the returned function brings it back, as often as it is called. */
export function remember({ github, repo, pull, model }: Loop): Undo {
  const memory = new Memory();
  // The requests so far are a list that only grows: its entries do not change.
  memory.keepList(github.requests);
  memory.keepList(model.calls as unknown[]);
  // Violations stay on record.
  memory.leave(github.violations);
  for (const root of [github, github.unseen, repo, pull, model.present]) memory.keep(root);
  return () => memory.restore();
}

class Memory {
  readonly #seen = new Set<object>();
  readonly #undo: Undo[] = [];

  restore(): void {
    for (const undo of this.#undo) undo();
  }

  /** Keeps an object and everything that it refers to. The objects stay the same ones, so whoever holds one sees its old state. */
  keep(root: unknown): void {
    const open = [root];
    while (open.length > 0) {
      const value = open.pop();
      if (!isState(value) || this.#seen.has(value)) continue;
      this.#seen.add(value);
      if (Array.isArray(value)) open.push(...this.keepList(value));
      else if (value instanceof Map) open.push(...this.#keepMap(value));
      else if (value instanceof Set) open.push(...this.#keepSet(value));
      else if (value instanceof Clock) this.#keepTime(value);
      else if (value instanceof GitStore) this.#keepRefs(value.folder);
      else open.push(...this.#keepProperties(value));
    }
  }

  /** Does not bring this object back. */
  leave(value: object): void {
    this.#seen.add(value);
  }

  /** Keeps which entries a list has, but not the state of the entries. */
  keepList(list: unknown[]): unknown[] {
    this.#seen.add(list);
    const entries = [...list];
    this.#undo.push(() => {
      list.length = 0;
      for (const entry of entries) list.push(entry);
    });
    return entries;
  }

  #keepMap(map: Map<unknown, unknown>): unknown[] {
    const entries = [...map];
    this.#undo.push(() => {
      map.clear();
      for (const [key, value] of entries) map.set(key, value);
    });
    return entries.flat();
  }

  #keepSet(set: Set<unknown>): unknown[] {
    const entries = [...set];
    this.#undo.push(() => {
      set.clear();
      for (const entry of entries) set.add(entry);
    });
    return entries;
  }

  #keepTime(clock: Clock): void {
    const time = clock.iso;
    this.#undo.push(() => clock.set(time));
  }

  #keepRefs(folder: string): void {
    const refs = readRefs(folder);
    this.#undo.push(() => {
      const now = readRefs(folder);
      for (const path of now.keys()) if (!refs.has(path)) rmSync(path);
      for (const [path, content] of refs) {
        if (now.get(path) === content) continue;
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, content);
      }
    });
  }

  #keepProperties(state: Record<string, unknown>): unknown[] {
    const before = { ...state };
    this.#undo.push(() => {
      for (const key of Object.keys(state)) if (!(key in before)) delete state[key];
      for (const [key, value] of Object.entries(before)) {
        if (state[key] !== value) state[key] = value;
      }
    });
    return Object.values(before);
  }
}

/** Lists, maps, sets and objects; not bytes, times and functions, which nobody changes, nor servers and processes. */
function isState(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return false;
  if (ArrayBuffer.isView(value)) return false;
  const others = [ArrayBuffer, Date, RegExp, EventEmitter, Promise, WeakMap, URL];
  return !others.some((kind) => value instanceof kind);
}

/** A repository's refs: path of the file → content. */
function readRefs(folder: string): Map<string, string> {
  const files = readdirSync(join(folder, 'refs'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(files.map((path) => [path, readFileSync(path, 'utf8')]));
}
