/** What a version of Istio takes: the API versions of its traffic objects, and whether they have `exportTo`. */
export type IstioApi = { readonly apiVersion: string; readonly exportTo: boolean };

/** What every Istio since 1.5 takes. */
export const anyIstio: IstioApi = { apiVersion: 'networking.istio.io/v1beta1', exportTo: true };

/**
 * The API of a version such as `1.28`, `v1.22.3` or `1.30.3-distroless`, or what is wrong with it.
 * Sources: the CRDs of istio/istio 0.2.12 (EgressRule), 1.3.8, 1.4.10, 1.5.10 and 1.22.0; `exportTo`: the reference of
 * Istio 1.1 is the first to have it.
 */
export function istioApi(text: string): { readonly api: IstioApi } | { readonly problem: string } {
  const [, major = '', minor = ''] = /^v?(\d{1,3})\.(\d{1,3})(?:\.\d+)?(?:[-+.][\w.+-]*)?$/.exec(text) ?? [];
  if (major === '') return { problem: `expected a version of Istio such as 1.28, got "${text}"` };
  const version = Number(major) * 1000 + Number(minor);
  if (version < 8) return { problem: `Istio ${text} has no ServiceEntry: it came with 0.8` };
  const served = version >= 1022 ? 'v1' : version >= 1005 ? 'v1beta1' : 'v1alpha3';
  return { api: { apiVersion: `networking.istio.io/${served}`, exportTo: version >= 1001 } };
}
