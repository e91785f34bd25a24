/** Where aloft runs unless it is told otherwise, as the manifests install it: objects there are never reviewed. */
export const ownNamespace = 'aloft-system';
export const ownService = 'aloft';
export const ownSecret = 'aloft-tls';

/** The names of a Service that API servers verify. */
export const serviceNames = (service: string, namespace: string): readonly string[] => [
  service,
  `${service}.${namespace}`,
  `${service}.${namespace}.svc`,
];
