/** A Deployment whose container gets a tracer's variables at its very end. */
export const deployment = `# The cart of the shop.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
  namespace: shop
spec:
  template:
    metadata:
      labels:
        app: cart
    spec:
      containers:
        - name: app
          image: shop/cart:1.2.3 # pinned
`;

/** A Service that no rule has anything to do to. */
export const service = `apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec:
  selector: {app: cart}
`;

/** A Pod that leaves the mesh. */
export const agentPod = `apiVersion: v1
kind: Pod
metadata:
  name: datadog
  labels:
    agent.datadoghq.com/component: agent
spec:
  containers:
    - name: agent
      image: gcr.io/datadoghq/agent:7
`;

export const configMap = `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  template: "{{ not ours }}"
`;

export const brokenYaml = `apiVersion: v1
kind: Pod
metadata:
  name: [unclosed
`;

/** A Pod as text: what \`metadata\` holds beside a name, and its image. */
export const podText = (metadata = '', image = 'shop/cart:1'): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: cart\n${metadata}spec:\n  containers:\n    - name: app\n      image: ${image}\n`;

/** A policy with these lines below \`spec\`. */
export const policyText = (spec: string): string =>
  `apiVersion: aloft.dev/v1alpha1\nkind: Policy\nmetadata: { name: test }\nspec:\n${spec}`;
