import { type Node, Parser } from 'commonmark';

/** Tags that survive in a comment, without attributes: what GitHub's own sanitiser lets through. */
const TAGS =
  /^<\/?(?:details|summary|code|sub|sup|kbd|b|i|em|strong|ins|del|br)(?: open)?\s*\/?>$/i;

const ALERTS: Record<string, string> = {
  '[!NOTE]': 'Note',
  '[!TIP]': 'Tip',
  '[!IMPORTANT]': 'Important',
  '[!WARNING]': 'Warning',
  '[!CAUTION]': 'Caution',
};

/**
 * A comment's Markdown as HTML, about as GitHub shows it: tables, line ends as breaks, alerts and
 * folded details. Other HTML is dropped, comments included; no link leads to a script and no
 * image is loaded.
 */
export function markdown(source: string): string {
  const text = source.replaceAll('\r\n', '\n');
  return new Renderer(text.split('\n')).document(new Parser().parse(text));
}

/** Text for HTML, in content and in attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

class Renderer {
  readonly #lines: readonly string[];
  /** Names of the tags that the text has opened and not closed. */
  #open: string[] = [];

  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  /** The whole text: tags that it leaves open are closed at its end, and it closes no tag that it did not open. */
  document(root: Node): string {
    const html = this.blocks(root);
    return (
      html +
      this.#open
        .reverse()
        .map((name) => `</${name}>`)
        .join('')
    );
  }

  blocks(parent: Node): string {
    return children(parent)
      .map((node) => this.#block(node))
      .join('\n');
  }

  #block(node: Node): string {
    switch (node.type) {
      case 'heading':
        return `<h${node.level}>${this.#inlines(node)}</h${node.level}>`;
      case 'paragraph':
        return this.#table(node) ?? this.#paragraph(node);
      case 'block_quote':
        return this.#quote(node);
      case 'list':
        return this.#list(node);
      case 'code_block':
        return codeBlock(node);
      case 'thematic_break':
        return '<hr>';
      case 'html_block':
        return this.#allowedTags(node.literal ?? '');
      default:
        return this.blocks(node);
    }
  }

  #paragraph(node: Node): string {
    const tight = node.parent?.type === 'item' && node.parent.parent?.listTight;
    return tight ? this.#inlines(node) : `<p>${this.#inlines(node)}</p>`;
  }

  #list(node: Node): string {
    const tag = node.listType === 'ordered' ? 'ol' : 'ul';
    const start = tag === 'ol' && (node.listStart ?? 1) !== 1 ? ` start="${node.listStart}"` : '';
    const items = children(node).map((item) => {
      const inside = this.blocks(item)
        .replace(/^(<p>)?\[ \] /, '$1<span class="box"></span>')
        .replace(/^(<p>)?\[x\] /i, '$1<span class="box on">✓</span>');
      return `<li>${inside}</li>`;
    });
    return `<${tag}${start}>${items.join('')}</${tag}>`;
  }

  #quote(node: Node): string {
    const inside = this.blocks(node);
    for (const [mark, title] of Object.entries(ALERTS)) {
      const start = `<p>${mark}`;
      if (!inside.startsWith(start)) continue;
      const rest = inside.slice(start.length).replace(/^(<br>)?\n?/, '');
      const kind = title.toLowerCase();
      return `<div class="alert ${kind}"><p class="title">${title}</p><p>${rest}</div>`;
    }
    return `<blockquote>${inside}</blockquote>`;
  }

  /** A paragraph that is a table in GitHub's Markdown; null if it is not. */
  #table(node: Node): string | null {
    const [[first, column], [last]] = node.sourcepos ?? [
      [1, 1],
      [0, 1],
    ];
    const lines = this.#lines.slice(first - 1, last).map((line) => line.slice(column - 1));
    const [head = '', rule = '', ...rows] = lines;
    if (!/^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(rule) || !rule.includes('-'))
      return null;
    const columns = cells(rule);
    if (cells(head).length !== columns.length || !head.includes('|')) return null;
    const align = columns.map((cell) => {
      if (cell.endsWith(':')) return cell.startsWith(':') ? 'center' : 'right';
      return 'left';
    });
    const row = (line: string, tag: string) => {
      const given = cells(line);
      const rendered = align.map(
        (side, at) => `<${tag} style="text-align:${side}">${inline(given[at] ?? '')}</${tag}>`,
      );
      return `<tr>${rendered.join('')}</tr>`;
    };
    const body = rows.map((line) => row(line, 'td')).join('');
    return `<table><thead>${row(head, 'th')}</thead><tbody>${body}</tbody></table>`;
  }

  /** The allowed tags of a piece of HTML, its text between them, and nothing of its comments. */
  #allowedTags(html: string): string {
    let kept = '';
    let rest = html;
    while (rest !== '') {
      const open = rest.indexOf('<');
      if (open < 0) return kept + escapeHtml(rest);
      kept += escapeHtml(rest.slice(0, open));
      const comment = rest.startsWith('<!--', open);
      const end = comment ? rest.indexOf('-->', open) : rest.indexOf('>', open);
      if (end < 0) return kept + (comment ? '' : escapeHtml(rest.slice(open)));
      if (!comment) kept += this.#tag(rest.slice(open, end + 1));
      rest = rest.slice(end + (comment ? 3 : 1));
    }
    return kept;
  }

  #tag(text: string): string {
    if (!TAGS.test(text)) return '';
    const tag = text.toLowerCase();
    const name =
      tag
        .replace(/[^a-z]/g, ' ')
        .trim()
        .split(' ')[0] ?? '';
    if (name === 'br') return '<br>';
    if (!tag.startsWith('</')) {
      this.#open.push(name);
      return tag;
    }
    if (this.#open.at(-1) !== name) return '';
    this.#open.pop();
    return tag;
  }

  #inlines(parent: Node): string {
    return children(parent)
      .map((node) => this.#inline(node))
      .join('');
  }

  #inline(node: Node): string {
    switch (node.type) {
      case 'text':
        return mentions(escapeHtml(node.literal ?? ''));
      case 'softbreak':
      case 'linebreak':
        return '<br>\n';
      case 'code':
        return `<code>${escapeHtml(node.literal ?? '')}</code>`;
      case 'emph':
        return `<em>${this.#inlines(node)}</em>`;
      case 'strong':
        return `<strong>${this.#inlines(node)}</strong>`;
      case 'link':
        return link(node.destination ?? '', this.#inlines(node));
      case 'image':
        return `<span class="image">${this.#inlines(node)}</span>`;
      case 'html_inline':
        return this.#allowedTags(node.literal ?? '');
      default:
        return this.#inlines(node);
    }
  }
}

function children(node: Node): Node[] {
  const list: Node[] = [];
  for (let child = node.firstChild; child; child = child.next) list.push(child);
  return list;
}

function inline(source: string): string {
  const rendered = new Renderer([source]).document(new Parser().parse(source));
  return rendered.replace(/^<p>([\s\S]*)<\/p>$/, '$1');
}

/** Cells of a table's line; a pipe after a backslash is text. */
function cells(line: string): string[] {
  const inside = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '');
  return inside.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
}

function link(destination: string, text: string): string {
  if (!/^(https?:|mailto:|#)/i.test(destination)) return text;
  return `<a href="${escapeHtml(destination)}" rel="noreferrer">${text}</a>`;
}

function mentions(html: string): string {
  return html.replace(/(^|[\s(])@([a-z\d](?:-?[a-z\d]){0,38})\b/gi, '$1<b class="at">@$2</b>');
}

function codeBlock(node: Node): string {
  const text = escapeHtml((node.literal ?? '').replace(/\n$/, ''));
  if (node.info?.split(/\s/)[0] !== 'diff') return `<pre><code>${text}</code></pre>`;
  const lines = text.split('\n').map((line) => {
    const kind = line.startsWith('+') ? 'plus' : line.startsWith('-') ? 'minus' : null;
    return kind ? `<span class="${kind}">${line}</span>` : line;
  });
  return `<pre class="diff"><code>${lines.join('\n')}</code></pre>`;
}
