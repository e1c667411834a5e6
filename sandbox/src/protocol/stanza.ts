import type { BinaryNode } from 'baileys/lib/WABinary/index.js';

export type Attrs = Record<string, string>;

/** Builds a node; attributes that are undefined are left out (the codec cannot write them). */
export function node(
  tag: string,
  attrs: Record<string, string | undefined> = {},
  content?: BinaryNode['content'],
): BinaryNode {
  const defined = Object.entries(attrs).filter(([, value]) => value !== undefined);
  const built: BinaryNode = { tag, attrs: Object.fromEntries(defined) as Attrs };
  if (content !== undefined) built.content = content;
  return built;
}

export function childrenOf(parent: BinaryNode | undefined, tag?: string): BinaryNode[] {
  if (!Array.isArray(parent?.content)) return [];
  return tag ? parent.content.filter((child) => child.tag === tag) : parent.content;
}

export function childOf(parent: BinaryNode | undefined, tag: string): BinaryNode | undefined {
  return childrenOf(parent, tag)[0];
}

/** The bytes of a node, whether the codec read them as bytes or as a dictionary word. */
export function bytesOf(node: BinaryNode | undefined): Buffer | undefined {
  if (typeof node?.content === 'string') return Buffer.from(node.content);
  return node?.content instanceof Uint8Array ? Buffer.from(node.content) : undefined;
}

export function textOf(node: BinaryNode | undefined): string | undefined {
  return bytesOf(node)?.toString('utf8');
}

/** Reads a big-endian unsigned integer. */
export function uintOf(node: BinaryNode | undefined): number | undefined {
  const bytes = bytesOf(node);
  return bytes && bytes.length > 0 && bytes.length <= 6
    ? bytes.readUIntBE(0, bytes.length)
    : undefined;
}

export function uintBytes(value: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.writeUIntBE(value, 0, length);
  return bytes;
}
