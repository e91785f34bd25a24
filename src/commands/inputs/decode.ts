import { isUtf8 } from 'node:buffer';
import type { InputProblem } from '../../reports/reviewed.js';

/** The text of a file, or what is wrong with its bytes. */
export type Decoded = { readonly text: string } | { readonly problem: Omit<InputProblem, 'file'> };

/** Reads UTF-8, and UTF-16 with a byte order mark, as PowerShell writes it; the mark of UTF-8 stays in the text. */
export function decodeText(bytes: Buffer): Decoded {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : undefined;
  if (encoding !== undefined) return { text: new TextDecoder(encoding).decode(bytes) };
  if (isUtf8(bytes)) return { text: bytes.toString('utf8') };
  let line = 1;
  for (let start = 0; ; line++) {
    const newline = bytes.indexOf(0x0a, start);
    const own = bytes.subarray(start, newline < 0 ? bytes.length : newline);
    if (!isUtf8(own)) return { problem: { line, column: own.toString('utf8').indexOf('\uFFFD') + 1, message: noText } };
    start = newline + 1;
  }
}

const noText = 'expected text in UTF-8, got other bytes: save the file as UTF-8';
