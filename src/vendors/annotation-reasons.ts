import { annotationPath } from '../model/field-paths.js';
import { because, type Reason, type ReasonCode } from '../model/reason.js';

/** That an annotation is there already by which its author has decided otherwise. */
export const authorsAnnotation = (key: string): Reason =>
  because('author-decided', `annotation ${key} is the author's`, annotationPath(key));

/** What is wrong with an annotation: its key, and what is said right behind it. */
export const annotationFault = (code: ReasonCode, key: string, says: string): Reason =>
  because(code, `${key}${says}`, annotationPath(key));
