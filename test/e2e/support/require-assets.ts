import { findAssets } from './assets.ts';

/** Before any test: says once what is missing, and not for every test. */
export default function requireAssets(): void {
  findAssets();
}
