/** Where aloft runs unless it is told otherwise, as the manifests install it: objects there are never reviewed. */
export const ownNamespace = 'aloft-system';
export const ownService = 'aloft';
export const ownSecret = 'aloft-tls';
