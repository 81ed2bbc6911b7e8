/** Messages on a stream of bytes: a head, which is JSON, and content. */

/** One message as bytes. */
export function encodeFrame(head: object, content: Uint8Array = new Uint8Array()): Buffer {
  const text = Buffer.from(JSON.stringify(head));
  const sizes = Buffer.alloc(8);
  sizes.writeUInt32LE(text.length, 0);
  sizes.writeUInt32LE(content.length, 4);
  return Buffer.concat([sizes, text, content]);
}

/**
 * Reads messages from the parts in which they arrive.
 * @param onFrame takes each message once it is whole
 * @returns takes the next part
 */
export function readFrames<Head>(
  onFrame: (head: Head, content: Buffer) => void,
): (part: Buffer) => void {
  let parts: Buffer[] = [];
  let size = 0;
  let wanted = 8;
  return (part) => {
    parts.push(part);
    size += part.length;
    if (size < wanted) return;
    let bytes = parts.length === 1 ? part : Buffer.concat(parts);
    for (;;) {
      wanted = 8;
      if (bytes.length < wanted) break;
      const end = 8 + bytes.readUInt32LE(0);
      wanted = end + bytes.readUInt32LE(4);
      if (bytes.length < wanted) break;
      const head = JSON.parse(bytes.toString('utf8', 8, end)) as Head;
      const content = bytes.subarray(end, wanted);
      bytes = bytes.subarray(wanted);
      onFrame(head, content);
    }
    parts = [bytes];
    size = bytes.length;
  };
}
