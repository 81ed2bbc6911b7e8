import { nodeId } from './ids.ts';

/** What a person may do in a repository, as GitHub names it (`role_name`). */
export type Role = 'none' | 'read' | 'triage' | 'write' | 'maintain' | 'admin';

const ROLES: readonly Role[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin'];

/** Whether a role includes another one. */
export function includesRole(role: Role, wanted: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(wanted);
}

/** The legacy `permission` of a role: GitHub folds triage into read and maintain into write. */
export function legacyPermission(role: Role): 'none' | 'read' | 'write' | 'admin' {
  if (role === 'triage') return 'read';
  return role === 'maintain' ? 'write' : role;
}

/** A user, a bot or an organisation. */
export interface Account {
  id: number;
  login: string;
  nodeId: string;
  type: 'User' | 'Bot' | 'Organization';
  /** The app that a bot belongs to. */
  app: App | null;
  /** Logins of an organisation's members. */
  members: Set<string>;
  teams: Map<string, Team>;
  /** Whether the user's status says *busy*. */
  busy: boolean;
  /** Whether an organisation allows only some addresses, and the runner's is not one of them. */
  ipAllowList: boolean;
  /** Whether an organisation wants tokens of people to be authorised by its identity provider. */
  samlEnforced: boolean;
}

/** A GitHub App; `account` is its bot user. */
export interface App {
  id: number;
  slug: string;
  name: string;
  nodeId: string;
  owner: Account;
  account: Account;
}

/** A team of an organisation: login (lower case) → membership. */
export interface Team {
  id: number;
  slug: string;
  members: Map<string, Membership>;
  /** Teams inside this one. */
  children: Team[];
}

/** A person's membership of a team; `pending` until they accept. */
export interface Membership {
  role: 'member' | 'maintainer';
  state: 'active' | 'pending';
}

/** Somebody's membership of a team or of a team inside it, as GitHub counts it. */
export function membershipOf(team: Team, login: string): Membership | null {
  const own = team.members.get(login.toLowerCase());
  if (own) return own;
  for (const child of team.children) {
    const inherited = membershipOf(child, login);
    if (inherited) return inherited;
  }
  return null;
}

/** Makes an account; logins of one embedded GitHub are unique, regardless of case. */
export function account(id: number, login: string, type: Account['type']): Account {
  const prefix = type === 'User' ? 'U' : type === 'Bot' ? 'BOT' : 'O';
  return {
    id,
    login,
    type,
    nodeId: nodeId(prefix, id),
    app: null,
    members: new Set(),
    teams: new Map(),
    busy: false,
    ipAllowList: false,
    samlEnforced: false,
  };
}
