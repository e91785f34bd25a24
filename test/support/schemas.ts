import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';

const readSchema = (name: string): string => readFileSync(new URL(`../schemas/${name}`, import.meta.url), 'utf8');

function compile(schema: object): ValidateFunction {
  // The schemas are others', and not written for the strict mode.
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  addFormats.default(ajv);
  return ajv.compile(schema);
}

/** What is wrong with a text as SARIF 2.1.0, a sentence each. */
export function sarifErrors(text: string): readonly string[] {
  sarif ??= compile(JSON.parse(readSchema('sarif-2.1.0.json')));
  return errorsOf(sarif, JSON.parse(text));
}
let sarif: ValidateFunction | undefined;

/** What is wrong with a text as a code quality report of GitLab. */
export function gitlabErrors(text: string): readonly string[] {
  gitlab ??= compile({ type: 'array', items: JSON.parse(readSchema('gitlab-codeclimate.json')) });
  return errorsOf(gitlab, JSON.parse(text));
}
let gitlab: ValidateFunction | undefined;

const errorsOf = (validate: ValidateFunction, value: unknown): readonly string[] =>
  validate(value) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);

/** What is wrong with a text as JUnit XML. */
export function junitErrors(text: string): readonly string[] {
  const schema = XmlDocument.fromString(readSchema('junit-10.xsd'));
  const validator = XsdValidator.fromDoc(schema);
  try {
    const document = XmlDocument.fromString(text);
    try {
      validator.validate(document);
      return [];
    } finally {
      document.dispose();
    }
  } catch (error) {
    return [String(error)];
  } finally {
    validator.dispose();
    schema.dispose();
  }
}

/** An element of XML as a parser that is not ours reads it. */
export type XmlNode = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
};

/** The elements that an XPath leads to. */
export function select(text: string, path: string): readonly XmlNode[] {
  const document = XmlDocument.fromString(text);
  const found = document.find(path).map((node) => {
    if (!('attrs' in node)) throw new Error(`${path} leads to something else than elements`);
    const element = node as import('libxml2-wasm').XmlElement;
    const attributes = Object.fromEntries(element.attrs.map(({ name, value }) => [name, value]));
    return { name: element.name, attributes, text: element.content };
  });
  document.dispose();
  return found;
}
