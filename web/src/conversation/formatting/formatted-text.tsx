import { type ReactNode, useMemo } from 'react';
import { type Block, type Inline, parseText } from './parse.js';

interface FormattedTextProps {
  text: string;
  /** The user parts of jids that the text names, and how to call them. */
  names?: ReadonlyMap<string, string>;
}

/** A text as WhatsApp shows it. Elements are made for what is understood; the rest stays text. */
export function FormattedText({ text, names }: FormattedTextProps): ReactNode {
  const blocks = useMemo(() => parseText(text, new Set(names?.keys())), [text, names]);
  const [first] = blocks;
  // One paragraph stands in the line, so that the time fits in beside its end.
  if (blocks.length === 1 && first?.kind === 'paragraph') {
    return (
      <span dir="auto" className="whitespace-pre-wrap wrap-anywhere-soft [unicode-bidi:plaintext]">
        <Parts parts={first.children} names={names} />
      </span>
    );
  }
  return blocks.map((block, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
    <BlockView key={index} block={block} names={names} />
  ));
}

function BlockView({ block, names }: { block: Block } & Pick<FormattedTextProps, 'names'>) {
  const text = 'whitespace-pre-wrap wrap-anywhere-soft [unicode-bidi:plaintext]';
  switch (block.kind) {
    case 'pre':
      return (
        <pre className="my-1 overflow-x-auto rounded-[4px] bg-[color-mix(in_srgb,var(--text)_6%,transparent)] px-2 py-1 font-mono text-13">
          {block.text}
        </pre>
      );
    case 'quote':
      return (
        <blockquote
          dir="auto"
          className={`my-1 border-s-3 border-control-line ps-2 text-soft ${text}`}
        >
          <Parts parts={block.children} names={names} />
        </blockquote>
      );
    case 'list': {
      const items = block.items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
        <li key={index} dir="auto" className={text}>
          <Parts parts={item} names={names} />
        </li>
      ));
      return block.start === null ? (
        <ul className="list-disc ps-5">{items}</ul>
      ) : (
        <ol start={block.start} className="list-decimal ps-6">
          {items}
        </ol>
      );
    }
    default:
      return (
        <p dir="auto" className={text}>
          <Parts parts={block.children} names={names} />
        </p>
      );
  }
}

function Parts({ parts, names }: { parts: Inline[] } & Pick<FormattedTextProps, 'names'>) {
  return parts.map((part, index) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
    return <Part key={index} part={part} names={names} />;
  });
}

function Part({ part, names }: { part: Inline } & Pick<FormattedTextProps, 'names'>): ReactNode {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'bold':
      return (
        <strong className="font-semibold">
          <Parts parts={part.children} names={names} />
        </strong>
      );
    case 'italic':
      return (
        <em>
          <Parts parts={part.children} names={names} />
        </em>
      );
    case 'strike':
      return (
        <s>
          <Parts parts={part.children} names={names} />
        </s>
      );
    case 'code':
      return (
        <code className="rounded-[4px] bg-[color-mix(in_srgb,var(--text)_8%,transparent)] px-1 font-mono text-13">
          {part.text}
        </code>
      );
    case 'mention':
      return (
        <span className="font-medium text-accent-text" dir="auto">
          @{names?.get(part.user) ?? part.user}
        </span>
      );
    case 'link':
      return (
        <a
          href={part.href}
          target="_blank"
          rel="noreferrer nofollow"
          className="text-accent-text underline underline-offset-2"
        >
          {part.text}
        </a>
      );
  }
}
