import type { Vendor } from './vendor.js';

/** Vector, of which only the image is known. */
export const vector = {
  id: 'vector',
  name: 'Vector',
  components: [],
  images: ['timberio/vector'],
  source: 'the image on Docker Hub',
} as const satisfies Vendor;
