import { objectsOf, type Report, type ReviewedObject } from './reviewed.js';

/** For each object, a line of JSON: the AdmissionReview that the webhook would answer with. */
export const admissionReport: Report = (run) =>
  objectsOf(run)
    .map((object) => `${JSON.stringify(answerFor(object))}\n`)
    .join('');

/** A request is answered as it stands; for anything else, the uid that an API server would choose says where it is. */
const answerFor = ({ answer, response, place }: ReviewedObject): object => {
  const { file, line, column } = place.rendered ?? place;
  return (
    answer ?? {
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response: { ...response, uid: `${file}:${line}:${column}` },
    }
  );
};
