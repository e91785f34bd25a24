import { eachManifest } from '../../manifests/read.js';
import { asRecord, asText } from '../../model/json.js';

/** Whether kustomize takes a file of this name for a kustomization. */
export const isKustomization = (name: string): boolean => /^(kustomization\.ya?ml|Kustomization)$/.test(name);

/** The files that a kustomization uses as patches: they look like objects, but hold no more than what is to change. */
export function patchFiles(file: string, text: string): readonly string[] {
  return [...eachManifest(file, text)].flatMap(({ value }) => {
    const { patches, patchesJson6902, patchesStrategicMerge } = asRecord(value);
    const named = [...listOf(patches), ...listOf(patchesJson6902)].map((patch) => asText(asRecord(patch)['path']));
    // A patch may stand in the list itself, as a text of several lines.
    const listed = listOf(patchesStrategicMerge).map(asText);
    return [...named, ...listed].filter((path) => path !== '' && !path.includes('\n'));
  });
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
