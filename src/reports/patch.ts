import { objectsOf, type Report, type ReviewedObject } from './reviewed.js';

/** For each object that changes, a line of JSON: where it stands, what it is, and the JSON Patch for it. */
export const patchReport: Report = (run) =>
  objectsOf(run)
    .filter(({ operations }) => operations.length > 0)
    .map((object) => `${JSON.stringify(patchFor(object))}\n`)
    .join('');

/** `patch` comes last, so that a program without a JSON parser can cut it off. */
const patchFor = (object: ReviewedObject) => {
  const { place, apiVersion, kind, namespace, name } = object;
  return { ...place, apiVersion, kind, namespace, name, patch: operationsOn(object) };
};

/** The operations on the object itself, wherever in its document it stands: in a List, or in a request. */
function operationsOn({ operations, path, answer }: ReviewedObject) {
  const depth = path.length + (answer === undefined ? 0 : requestObject.length);
  return operations.map(({ op, path: pointer, value }) => ({ op, path: withoutHead(pointer, depth), value }));
}

const requestObject = ['request', 'object'];

const withoutHead = (pointer: string, depth: number): string => pointer.split('/').toSpliced(1, depth).join('/');
