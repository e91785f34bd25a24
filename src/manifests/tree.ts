import { Composer, Document, Lexer, Parser, type YAMLParseError } from 'yaml';
import { kubernetesSchema } from './schema.js';

// To look for keys that are there twice takes the parser time that grows with the square of their number.
const options = { schema: kubernetesSchema, prettyErrors: false, logLevel: 'error', uniqueKeys: false } as const;

/** The syntax tree of one document, read as `kubectl` reads it; its errors stand in the tree. */
export function parseTree(text: string): Document {
  const strict = compose(new Lexer(), text);
  if (faultsOf(strict).length === 0) return strict;
  // Istio 1.5 shipped `- apiGroups: [` with its strings no deeper than the dash: wrong by YAML's book, fine for kubectl.
  const lenient = compose(lexerWithoutFlowIndent(), text);
  return faultsOf(lenient).length === 0 ? lenient : strict;
}

/** What keeps a document from being read; a key that is there twice does not: for kubectl, the last one counts. */
export const faultsOf = (document: Document): readonly YAMLParseError[] => document.errors;

function compose(lexer: Lexer, text: string): Document {
  const parser = new Parser();
  const composer = new Composer(options);
  const documents: Document[] = [];
  for (const lexeme of lexer.lex(text)) {
    for (const token of parser.next(lexeme)) documents.push(...composer.next(token));
  }
  for (const token of parser.end()) documents.push(...composer.next(token));
  documents.push(...composer.end(true, text.length));
  return documents[0] ?? new Document(null, options);
}

/** A lexer which asks for no indentation within `[]` and `{}`, as go-yaml does. */
function lexerWithoutFlowIndent(): Lexer {
  const lexer = new Lexer();
  let indentNext = 0;
  return Object.defineProperty(lexer, 'indentNext', {
    get: () => (Number(Reflect.get(lexer, 'flowLevel')) > 0 ? 0 : indentNext),
    set: (indent: number) => {
      indentNext = indent;
    },
  });
}
