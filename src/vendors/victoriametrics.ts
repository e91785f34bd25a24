import type { Vendor } from './vendor.js';

/** The vmagent of VictoriaMetrics, of which only the image is known. */
export const victoriametrics = {
  id: 'victoriametrics',
  name: 'VictoriaMetrics',
  components: [],
  images: ['victoriametrics/vmagent'],
  source: 'VictoriaMetrics/VictoriaMetrics#7287',
} as const satisfies Vendor;
