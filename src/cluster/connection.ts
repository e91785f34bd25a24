import {
  AdmissionregistrationV1Api,
  ApiException,
  CoreV1Api,
  createConfiguration,
  HttpMethod,
  type KubeConfig,
  type Middleware,
  PatchStrategy,
  type RequestContext,
  ServerConfiguration,
  setHeaderOptions,
  Watch,
} from '@kubernetes/client-node';
import { currentContext, type KubeconfigChoice, loadKubeconfig } from './kubeconfig.js';

/** A way to the API server, found where kubectl finds it, or in the Pod we run in. */
export type Connection = {
  readonly core: CoreV1Api;
  readonly admission: AdmissionregistrationV1Api;
  readonly watch: Watch;
  /** The JSON at a path, as it is; throws an ApiException where the API server says no. */
  readonly get: (path: string, query?: Query) => Promise<unknown>;
  readonly server: string;
  readonly context: { readonly name: string; readonly namespace: string };
  /** Gives up whatever is under way; nothing can be asked afterwards. */
  readonly close: () => void;
};

export type Query = { readonly [name: string]: string };

/** Throws where there is no cluster to be found, or its configuration cannot be read. */
export function connect(choice: KubeconfigChoice = {}): Connection {
  const config = loadKubeconfig(choice);
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) throw new Error('kubeconfig names no cluster: set KUBECONFIG, or choose a context');
  // What the library makes up where it finds nothing.
  if (server === 'http://localhost:8080') throw new Error('no cluster was found: set KUBECONFIG');
  const { authenticate, close } = keepConnections(config);
  const closing = new AbortController();
  const configuration = createConfiguration({
    baseServer: new ServerConfiguration(server, {}),
    authMethods: { default: { getName: () => 'kubeconfig', applySecurityAuthentication: authenticate } },
    promiseMiddleware: [deadline(closing.signal)],
  });
  const watched = { getCurrentCluster: () => config.getCurrentCluster(), applySecurityAuthentication: authenticate };
  return {
    core: new CoreV1Api(configuration),
    admission: new AdmissionregistrationV1Api(configuration),
    // Of the configuration, a watch uses these two methods.
    watch: new Watch(watched as unknown as KubeConfig),
    get: createGet(configuration, authenticate, closing.signal),
    server,
    context: currentContext(config),
    close: () => {
      closing.abort();
      close();
    },
  };
}

/** A GET whose answer nothing takes apart: the library's models drop what they do not know, and make dates of texts. */
const createGet =
  (
    { baseServer, httpApi }: ReturnType<typeof createConfiguration>,
    authenticate: (request: RequestContext) => Promise<void>,
    closing: AbortSignal,
  ): Connection['get'] =>
  async (path, query = {}) => {
    const request = baseServer.makeRequestContext(path, HttpMethod.GET);
    request.setHeaderParam('Accept', 'application/json');
    for (const [name, value] of Object.entries(query)) request.setQueryParam(name, value);
    await authenticate(request);
    request.setSignal(AbortSignal.any([closing, AbortSignal.timeout(listTimeoutMs)]));
    const response = await httpApi.send(request).toPromise();
    const text = await response.body.text();
    if (response.httpStatusCode !== 200) {
      throw new ApiException(response.httpStatusCode, 'no success', text, response.headers);
    }
    return JSON.parse(text);
  };

/** A page of large objects may take its time on a slow line. */
const listTimeoutMs = 60_000;

/** How long connections are used for new requests: after that, certificates of the kubeconfig are read again. */
const connectionsLiveMs = 600_000;

/** The library would open a new connection for each request, and leave it open. */
function keepConnections(config: KubeConfig) {
  let kept: { readonly dispatcher: Dispatcher; readonly since: number } | undefined;
  const authenticate = async (request: RequestContext): Promise<void> => {
    await config.applySecurityAuthentication(request);
    const fresh = request.getDispatcher();
    // Without TLS, requests share what Node.js keeps for all.
    if (fresh === undefined) return;
    const now = performance.now();
    if (kept === undefined || now - kept.since > connectionsLiveMs) {
      // What is under way on the old ones comes to its end.
      kept?.dispatcher.close().catch(() => undefined);
      kept = { dispatcher: fresh, since: now };
    }
    request.setDispatcher(kept.dispatcher);
  };
  const close = (): void => {
    kept?.dispatcher.destroy().catch(() => undefined);
  };
  return { authenticate, close };
}

type Dispatcher = NonNullable<ReturnType<RequestContext['getDispatcher']>>;

/** A call that hangs is given up: the caller tries again. */
const timeoutMs = 10_000;

const deadline = (closing: AbortSignal): Middleware => ({
  pre: async (request) => {
    request.setSignal(AbortSignal.any([closing, AbortSignal.timeout(timeoutMs)]));
    return request;
  },
  post: async (response) => response,
});

/** Who aloft is to other writers of the same objects. */
export const fieldManager = 'aloft-certificates';

/** RFC 7386: changes what is named, removes what is `null`. */
export const asMergePatch = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
/** Server-side apply: owns what is named, and creates what is not there. */
export const asApply = setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply);

/** The status that the API server answered with instead of success, or undefined for any other failure. */
export const statusOf = (error: unknown): number | undefined =>
  error instanceof ApiException ? error.code : undefined;

/** A failed call as an error that says what was tried and what came back; never the object, which may hold keys. */
export function failed(what: string, error: unknown): Error {
  if (!(error instanceof ApiException)) return new Error(`cannot ${what}: ${describe(error)}`);
  return new Error(`cannot ${what}: the API server says ${error.code} ${messageIn(error.body)}`.trimEnd());
}

/** `fetch` hides what really happened in `cause`. */
function describe(error: unknown): string {
  const { name, message = String(error), cause } = Object(error) as Partial<Error>;
  // A parser's message quotes what it read.
  if (name === 'SyntaxError') return 'the answer is not JSON';
  const { message: why, code } = Object(cause) as Partial<NodeJS.ErrnoException>;
  return why || code ? `${message} (${why || code})` : message;
}

/** The sentence of a Status object, which comes as text, or parsed. */
function messageIn(body: unknown): string {
  if (typeof body !== 'string') return String((body as { readonly message?: unknown } | null)?.message ?? '');
  try {
    return String((JSON.parse(body) as { readonly message?: unknown }).message ?? '');
  } catch {
    return '';
  }
}
