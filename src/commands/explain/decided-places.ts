import { subjectOf } from '../../engine/template.js';
import { createPlaces, type Place, type ReadSource } from '../../manifests/place.js';
import { readManifests } from '../../manifests/read.js';
import { type Unpacked, unpack } from '../../manifests/unpack.js';
import type { Path } from '../../model/problem.js';
import type { DecidedAt } from '../../reports/explained.js';
import type { ReviewedManifest, ReviewedObject } from '../../reports/reviewed.js';

/** Finds in the input the label, annotation or field by which a rule decided; a document is read again for the first. */
export function decidedPlaces(manifests: readonly ReviewedManifest[], readSource: ReadSource): DecidedAt {
  // By the place: an object of which some steps were left out has it still.
  const documents = new Map(
    manifests.flatMap((reviewed) => reviewed.objects.map(({ place }) => [place, reviewed] as const)),
  );
  const known = new Map<ReviewedManifest, FindPlace>();
  return (object, { at }) => {
    const reviewed = documents.get(object.place);
    if (at === undefined || reviewed === undefined) return undefined;
    const find = known.get(reviewed) ?? readAgain(reviewed, readSource);
    known.set(reviewed, find);
    return find(object, at);
  };
}

type FindPlace = (object: ReviewedObject, at: Path) => Place | undefined;

function readAgain({ file, text, startLine }: ReviewedManifest, readSource: ReadSource): FindPlace {
  const [manifest] = readManifests(file, text, startLine);
  if (manifest === undefined) return () => undefined;
  const placeOf = createPlaces(manifest, readSource);
  const objects = new Map(unpack(manifest).map((unpacked) => [unpacked.path.join('/'), unpacked]));
  return (object, at) => {
    const unpacked = objects.get(object.path.join('/'));
    return unpacked && placeOf([...unpacked.path, ...seenPath(object, unpacked), ...at], unpacked);
  };
}

/** Where in an object of the input stands what the rules saw. */
const seenPath = ({ answer, namespace }: ReviewedObject, { value }: Unpacked): Path =>
  answer === undefined ? (subjectOf(value, namespace)?.path ?? []) : ['request', 'object'];
