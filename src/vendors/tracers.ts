import { datadogTracer } from './datadog-tracer.js';
import { opentelemetryTracer } from './opentelemetry-tracer.js';

/** Every tracer aloft knows; the first is the default. */
export const tracers = [datadogTracer, opentelemetryTracer] as const;

export type TracerId = (typeof tracers)[number]['id'];
