import type { Cluster, WebhookConfiguration, Written } from '../cluster/cluster.js';
import { advance } from './advance.js';
import { joinBundle, parseBundle } from './bundle.js';
import { choose } from './choose.js';
import { decide, nothingToDo } from './decide.js';
import { isTrustedEverywhere, type Phase, phaseOf } from './facts.js';
import type { CertificatePair } from './pair.js';
import type { Action, Configuration, Generation, Patched, SecretAction, State, Terms } from './state.js';
import { parseGeneration, parseStored, patchStored } from './stored.js';

/** What the keeper needs. */
export type KeeperDependencies = {
  readonly cluster: Pick<
    Cluster,
    'readSecret' | 'createSecret' | 'patchSecret' | 'readWebhookConfigurations' | 'patchCaBundles'
  >;
  readonly issue: (now: Date) => Promise<CertificatePair>;
  /** Serves a pair from now on; returns why not. */
  readonly serve: (pair: CertificatePair) => readonly string[];
  readonly tell: (news: News) => void;
  /** Every name that clients verify; the Service that leads to us. */
  readonly names: readonly string[];
  readonly service: { readonly namespace: string; readonly name: string };
  readonly terms: Terms;
};

/** What a keeper has seen or done. */
export type News =
  | { readonly kind: 'seen'; readonly phase: Phase; readonly inSync: boolean; readonly skewSeconds: number }
  | { readonly kind: 'acted'; readonly action: Action['do']; readonly result: Written; readonly configuration?: string }
  | { readonly kind: 'waiting'; readonly because: string; readonly managers: readonly string[] }
  | { readonly kind: 'serving'; readonly generation: Generation }
  | { readonly kind: 'refused'; readonly problems: readonly string[] };

/** Looks, acts once, and says when to look again. */
export type Keeper = {
  /** Milliseconds until there may be something to do; 0 after a step. Throws when the API server cannot be asked. */
  readonly tick: () => Promise<number>;
};

/**
 * Keeps one replica's certificate, and takes its part in keeping everyone's: gathers the state, serves what it should,
 * and takes the one step that is due. Whoever loses a race looks again.
 */
export function createKeeper(dependencies: KeeperDependencies): Keeper {
  const { terms, tell } = dependencies;
  let serving: Generation | undefined;
  let startedAt: number | undefined;
  let patched: readonly Patched[] = [];

  const tick = async (): Promise<number> => {
    const seen = await gather(dependencies);
    const { now } = seen;
    startedAt ??= now;
    const known = { ...seen.known, startedAt, patched, terms };
    serving = swap({ ...known, ...(serving && { serving }) }, now, dependencies) ?? serving;
    const state: State = { ...known, ...(serving && { serving }) };
    tell(describe(state, now));

    const action = decide(state, now);
    if (action.do === 'wait') {
      if (action.because !== nothingToDo) tell({ kind: 'waiting', because: action.because, managers: seen.managers });
      return action.until - now;
    }
    const result = await act(action, seen, state, dependencies);
    const where = action.do === 'trust' ? { configuration: action.configuration } : undefined;
    if (where !== undefined && result === 'done') patched = [...patched, { at: now, ...where }].slice(-50);
    tell({ kind: 'acted', action: action.do, result, ...where });
    return 0;
  };
  return { tick };
}

function describe(state: State, now: number): News {
  const { secret, configurations } = state;
  const inSync = secret !== 'absent' && secret.trusted.every((ca) => isTrustedEverywhere(ca, configurations));
  return { kind: 'seen', phase: phaseOf(state), inSync, skewSeconds: Math.round((Date.now() - now) / 1000) };
}

type Seen = {
  readonly now: number;
  readonly version: string;
  readonly configurations: readonly WebhookConfiguration[];
  /** Who wrote our configurations last. */
  readonly managers: readonly string[];
  readonly known: Pick<State, 'secret' | 'configurations'>;
};

async function gather({ cluster, service, names }: KeeperDependencies): Promise<Seen> {
  // In this order: a Secret that is newer than the bundles knows every CA in them, and its time is not before theirs.
  const configurations = await cluster.readWebhookConfigurations();
  const { value: secret, at } = await cluster.readSecret();
  return {
    now: at.getTime(),
    version: secret?.version ?? '',
    configurations,
    managers: configurations.flatMap((configuration) => configuration.managers.slice(0, 2)),
    known: {
      secret: secret === undefined ? 'absent' : parseStored(secret, names),
      configurations: configurations.map((configuration) => parseConfiguration(configuration, service)),
    },
  };
}

/** A webhook configuration as decisions see it: the entries that lead to our Service, and whom they trust. */
export function parseConfiguration(
  configuration: WebhookConfiguration,
  service: KeeperDependencies['service'],
): Configuration {
  return {
    name: nameOf(configuration),
    version: `${configuration.uid}/${configuration.generation}`,
    entries: ownWebhooks(configuration, service).map(({ name, caBundle }) => {
      const { cas, foreign } = parseBundle(caBundle);
      return { name, trusts: cas, foreign };
    }),
  };
}

const nameOf = ({ kind, name }: WebhookConfiguration): string => `${kind}/${name}`;

const ownWebhooks = ({ webhooks }: WebhookConfiguration, service: KeeperDependencies['service']) =>
  webhooks.filter(
    (webhook) => webhook.service?.name === service.name && webhook.service.namespace === service.namespace,
  );

/** Serves what should be served; returns it if that is something new. */
function swap(state: State, now: number, { serve, tell }: KeeperDependencies): Generation | undefined {
  const chosen = choose(state, now);
  if (chosen === undefined || chosen.id === state.serving?.id) return undefined;
  const problems = serve(chosen.pair);
  if (problems.length > 0) {
    tell({ kind: 'refused', problems });
    return undefined;
  }
  tell({ kind: 'serving', generation: chosen });
  return chosen;
}

async function act(
  action: Exclude<Action, { do: 'wait' }>,
  seen: Seen,
  { secret }: State,
  dependencies: KeeperDependencies,
): Promise<Written> {
  const { cluster, service } = dependencies;
  if (action.do === 'create') {
    await cluster.createSecret();
    return 'done';
  }
  if (action.do === 'trust') {
    const configuration = seen.configurations.find((one) => nameOf(one) === action.configuration);
    if (configuration === undefined) return 'conflict';
    const webhooks = ownWebhooks(configuration, service).map(({ name }) => name);
    return await cluster.patchCaBundles({ configuration, webhooks, caBundle: joinBundle(action.bundle) });
  }
  // `decide` takes steps on the Secret only where there is one.
  if (secret === 'absent') return 'conflict';
  const issued = await issueFor(action, seen.now, dependencies);
  return await cluster.patchSecret(patchStored(seen.version, advance(secret, action, seen.now, issued)));
}

async function issueFor(
  action: SecretAction,
  now: number,
  { issue, names }: KeeperDependencies,
): Promise<Generation | undefined> {
  if (action.do !== 'install' && action.do !== 'stage') return undefined;
  const generation = parseGeneration(await issue(new Date(now)), names);
  if (generation === undefined) throw new Error('the certificate that was just issued cannot be read');
  return generation;
}
