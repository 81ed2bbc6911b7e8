declare module 'commonmark' {
  /** A node of a parsed document, as far as it is read here. */
  export interface Node {
    readonly type: string;
    readonly firstChild: Node | null;
    readonly next: Node | null;
    readonly sourcepos: [[number, number], [number, number]] | undefined;
    literal: string | null;
    readonly destination: string | null;
    readonly info: string | null;
    readonly level: number;
    readonly listType: 'bullet' | 'ordered';
    readonly listStart: number | null;
    readonly listTight: boolean;
    readonly parent: Node | null;
  }
  export class Parser {
    parse(text: string): Node;
  }
}
