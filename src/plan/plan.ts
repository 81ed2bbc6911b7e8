/** What a plan does to a file; a rename is a delete and a create. */
export type Operation = 'create' | 'modify' | 'delete';
